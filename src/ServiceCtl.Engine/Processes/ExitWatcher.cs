using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Notices the end of thousands of processes with one thread that sleeps in epoll over their pidfds. Nothing polls, no timer runs,
/// and only processes that were handed over are ever reaped: other code in this process keeps its own children.
/// </summary>
public sealed class ExitWatcher : IDisposable
{
    private const long WakeKey = 0;
    private const int Batch = 256;

    private readonly Descriptor _epoll;
    private readonly Descriptor _wake;
    private readonly ConcurrentDictionary<long, ChildProcess> _watched = new();
    private readonly Thread _thread;
    private long _lastKey = WakeKey;
    private int _disposed;

    public ExitWatcher()
    {
        ChildSignal.StopIgnoring();
        _epoll = Checked(Libc.EpollCreate(LinuxConstants.OpenCloseOnExec), "make an epoll set");
        _wake = Checked(Libc.EventFd(0, LinuxConstants.OpenCloseOnExec), "make an eventfd");
        Add(_wake, WakeKey);
        _thread = new Thread(Watch) { IsBackground = true, Name = "exit watcher" };
        _thread.Start();
    }

    /// <summary>The processes whose end is awaited now.</summary>
    public int Count => _watched.Count;

    /// <summary>Ends the watching. The tasks of processes that still run are cancelled; the processes are left alone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Wake();
        _thread.Join();
        foreach (ChildProcess process in _watched.Values)
            process.Abandon();
        _watched.Clear();
        _epoll.Dispose();
        _wake.Dispose();
    }

    internal IReadOnlySet<int> WatchedPids() => _watched.Values.Select(process => process.Pid).ToHashSet();

    /// <returns>The key to take the process off again.</returns>
    internal long Add(ChildProcess process)
    {
        long key = Interlocked.Increment(ref _lastKey);
        _watched[key] = process;
        try
        {
            Add(process.Handle, key);
        }
        catch
        {
            _watched.TryRemove(key, out _);
            throw;
        }

        return key;
    }

    /// <summary>For a process whose pidfd is closed next, which takes it out of the set by itself.</summary>
    internal void Remove(long key) => _watched.TryRemove(key, out _);

    /// <summary>For a process that has ended but whose pidfd stays open. Called on the watcher's own thread, so that the set is there.</summary>
    internal unsafe void Remove(long key, Descriptor handle)
    {
        _watched.TryRemove(key, out _);
        if (Libc.EpollControl(_epoll, LinuxConstants.EpollDelete, handle, null) != 0)
            throw SystemError.Last("stop watching a process");
    }

    private static Descriptor Checked(int number, string attempt) => number >= 0 ? new Descriptor(number) : throw SystemError.Last(attempt);

    private unsafe void Add(Descriptor descriptor, long key)
    {
        byte* change = stackalloc byte[EpollEvent.MaxSize];
        EpollEvent.Write(change, LinuxConstants.EpollIn, key);
        if (Libc.EpollControl(_epoll, LinuxConstants.EpollAdd, descriptor, change) != 0)
            throw SystemError.Last("watch a descriptor");
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        if (Libc.Write(_wake, (byte*)&one, sizeof(ulong)) < 0)
            throw SystemError.Last("wake the exit watcher");
    }

    private unsafe void Watch()
    {
        byte* events = stackalloc byte[Batch * EpollEvent.MaxSize];
        while (true)
        {
            int count = Libc.EpollWait(_epoll, events, Batch, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != Errno.Interrupted)
                throw SystemError.Last("wait for the end of processes");
            for (int i = 0; i < count; i++)
            {
                long key = EpollEvent.KeyAt(events, i);
                if (key == WakeKey)
                    return;
                if (_watched.TryGetValue(key, out ChildProcess? process))
                    process.OnReadable();
            }
        }
    }
}
