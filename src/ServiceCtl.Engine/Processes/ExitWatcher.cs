using System.Collections.Concurrent;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Notices the end of thousands of processes with one thread that sleeps in epoll over their pidfds. Nothing polls, no timer runs,
/// and only processes that were handed over are ever reaped: other code in this process keeps its own children.
/// </summary>
public sealed class ExitWatcher : IDisposable
{
    private readonly EpollSet _handles = new();
    private readonly ConcurrentDictionary<long, ChildProcess> _watched = new();
    private readonly Thread _thread;
    private long _lastKey = EpollSet.WakeKey;
    private int _disposed;

    public ExitWatcher()
    {
        ChildSignal.StopIgnoring();
        _thread = new Thread(Watch) { IsBackground = true, Name = "exit watcher" };
        _thread.Start();
    }

    /// <summary>Ends the watching. The tasks of processes that still run are cancelled; the processes are left alone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _handles.Wake();
        _thread.Join();
        foreach (ChildProcess process in _watched.Values)
            process.Abandon();
        _watched.Clear();
        _handles.Dispose();
    }

    internal IReadOnlySet<int> WatchedPids() => _watched.Values.Select(process => process.Pid).ToHashSet();

    /// <returns>The key to take the process off again.</returns>
    internal long Add(ChildProcess process)
    {
        long key = Interlocked.Increment(ref _lastKey);
        _watched[key] = process;
        try
        {
            _handles.Add(process.Handle, key);
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

    /// <summary>
    /// For a process that has ended but whose pidfd stays open. Called on the watcher's own thread, so that the set is there.
    /// </summary>
    internal void Remove(long key, Descriptor handle)
    {
        _watched.TryRemove(key, out _);
        _handles.TryRemove(handle);
    }

    private void Watch()
    {
        List<long> ended = [];
        while (true)
        {
            _handles.Wait(ended);
            foreach (long key in ended)
            {
                if (key == EpollSet.WakeKey)
                    return;
                if (_watched.TryGetValue(key, out ChildProcess? process))
                    process.OnReadable();
            }

            ended.Clear();
        }
    }
}
