using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>Sleeps until one of many descriptors has something to read, or until it is woken.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    /// <summary>The key that <see cref="Wait"/> gives after <see cref="Wake"/>.</summary>
    internal const long WakeKey = 0;

    private const int Batch = 256;

    private readonly Descriptor _epoll;
    private readonly Descriptor _wake;

    internal EpollSet()
    {
        _epoll = Checked(Libc.EpollCreate(LinuxConstants.OpenCloseOnExec), "make an epoll set");
        _wake = Checked(Libc.EventFd(0, LinuxConstants.OpenCloseOnExec), "make an eventfd");
        Add(_wake, WakeKey);
    }

    internal void Add(Descriptor descriptor, long key)
    {
        byte* change = stackalloc byte[EpollEvent.MaxSize];
        EpollEvent.Write(change, LinuxConstants.EpollIn, key);
        if (Libc.EpollControl(_epoll, LinuxConstants.EpollAdd, descriptor, change) != 0)
            throw SystemError.Last("watch a descriptor");
    }

    /// <returns>False when it was not in the set.</returns>
    internal bool TryRemove(Descriptor descriptor)
    {
        if (Libc.EpollControl(_epoll, LinuxConstants.EpollDelete, descriptor, null) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Errno.NoEntry ? false : throw SystemError.Last("stop watching a descriptor");
    }

    /// <summary>Waits without a limit for descriptors that are readable, and adds their keys.</summary>
    internal void Wait(List<long> keys)
    {
        byte* events = stackalloc byte[Batch * EpollEvent.MaxSize];
        int count;
        do
            count = Libc.EpollWait(_epoll, events, Batch, -1);
        while (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        if (count < 0)
            throw SystemError.Last("wait for descriptors");
        for (int i = 0; i < count; i++)
            keys.Add(EpollEvent.KeyAt(events, i));
    }

    internal void Wake()
    {
        ulong one = 1;
        if (Libc.Write(_wake, (byte*)&one, sizeof(ulong)) < 0)
            throw SystemError.Last("wake a waiting thread");
    }

    public void Dispose()
    {
        _epoll.Dispose();
        _wake.Dispose();
    }

    private static Descriptor Checked(int number, string attempt) => number >= 0 ? new Descriptor(number) : throw SystemError.Last(attempt);
}
