using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// A process that is held by a pidfd: one that was spawned here, or one that was found and adopted. Whatever is done to it can't hit
/// another process that got its pid in the meantime. Safe to use from several threads.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ExitWatcher _watcher;
    private readonly bool _spawned;
    private readonly bool _reaps;
    private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _key;
    private bool _ended;
    private bool _disposed;
    private bool _groupGone;

    private ChildProcess(ProcessIdentity identity, Descriptor handle, ExitWatcher watcher, bool spawned, bool reaps)
    {
        Identity = identity;
        Handle = handle;
        _watcher = watcher;
        _spawned = spawned;
        _reaps = reaps;
    }

    public ProcessIdentity Identity { get; }

    public int Pid => Identity.Pid;

    /// <summary>
    /// Completes when the process has ended and, if it was ours, was reaped. Cancelled when the watcher, or this adopted process, is
    /// disposed of before. Fails only when the process has ended and the host is too short of descriptors to tell how.
    /// </summary>
    public Task<ProcessExit> Exited => _exited.Task;

    internal Descriptor Handle { get; }

    /// <summary>
    /// Takes on a process that is not our child, as a new agent does with what the old one left running. Its exit code is known from
    /// Linux 6.15 on, and on older kernels when it is still a zombie as its end is noticed.
    /// </summary>
    /// <returns>Null when that process has ended, whoever has its pid now.</returns>
    public static ChildProcess? Adopt(ProcessIdentity identity, ExitWatcher watcher)
    {
        Descriptor? handle = PidFd.Open(identity.Pid);
        if (handle is null)
            return null;

        // Read after the pidfd was opened: if the process of this start time is there now, it was there then.
        ProcessFigures? figures = ProcFs.TryRead(identity.Pid);
        if (figures is null || figures.HasEnded || !identity.Is(figures))
        {
            handle.Dispose();
            return null;
        }

        // A child of this process already has an owner here, who wants to reap it. One that becomes our child later, because
        // we are its subreaper, has none but us.
        ChildProcess process = new(identity, handle, watcher, spawned: false, reaps: figures.ParentPid != Environment.ProcessId);
        process.StartWatching();
        return process;
    }

    /// <summary>Signals the process alone.</summary>
    /// <returns>False when it is gone. Between its end and the completion of <see cref="Exited"/> the kernel may still take a signal,
    /// without effect.</returns>
    public bool Signal(int signal)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
            return !_ended && PidFd.Signal(Handle, Pid, signal);
        }
    }

    /// <summary>
    /// Signals everybody in the process group that this process leads, also after its own end, until <see cref="Dispose"/>. Signal 0
    /// only asks whether anybody is left; zombies that nobody has reaped yet count there. Before Linux 6.9 the kernel only knows groups by
    /// number: once the process has ended and another one has its pid, nothing is sent.
    /// </summary>
    /// <returns>False when nobody is in the group, or when it can't be told to be ours.</returns>
    public bool SignalGroup(int signal)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
            if (_groupGone)
                return false;
            bool reached = PidFd.SignalGroup(Handle, Pid, signal) ?? SignalGroupByNumber(signal);
            _groupGone = _ended && !reached;
            return reached;
        }
    }

    /// <summary>
    /// Lets go of the process; never ends it. A spawned one that still runs goes on being watched, so that it is reaped;
    /// for an adopted one the watching ends.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (_spawned && !_ended)
                return;
            _watcher.Remove(_key);
            Handle.Dispose();
        }

        _exited.TrySetCanceled();
    }

    /// <summary>For a child that was spawned just now and that nobody has reaped: its pid can't have been reused.</summary>
    internal static ChildProcess OfSpawned(SpawnedChild child, ExitWatcher watcher)
    {
        int pid = child.Pid;
        Descriptor? handle = null;
        try
        {
            handle = PidFd.Open(pid) ?? throw SystemError.Of(Errno.NoProcess, $"watch process {pid}, which was started just now");
            ChildProcess process = new(child.Identify(), handle, watcher, spawned: true, reaps: true);
            process.StartWatching();
            return process;
        }
        catch
        {
            handle?.Dispose();
            Spawner.Revoke(pid);
            throw;
        }
    }

    /// <summary>Called by the watcher when the kernel says that the process has ended.</summary>
    internal void OnReadable()
    {
        lock (_gate)
        {
            if (_ended || Handle.IsClosed)
                return;
            try
            {
                WaitOutcome outcome = PidFd.TryWait(Handle, _reaps, out ProcessExit exit);
                if (outcome == WaitOutcome.Running)
                    return;
                if (outcome == WaitOutcome.NotOurChild)
                    exit = ExitOfStranger();
                LetGo();
                _exited.TrySetResult(exit);
            }
            catch (ServiceCtlException failure)
            {
                // This runs on the watcher's thread: who waits for this process gets it, the others are not concerned.
                LetGo();
                _exited.TrySetException(failure);
            }
        }
    }

    internal void Abandon() => _exited.TrySetCanceled();

    private void StartWatching()
    {
        lock (_gate)
            _key = _watcher.Add(this);
    }

    // Before the end is reported, so that who hears of it finds everything in its place. The pidfd stays open for the group's sake.
    private void LetGo()
    {
        _ended = true;
        _watcher.Remove(_key, Handle);
        if (_disposed)
            Handle.Dispose();
    }

    private ProcessExit ExitOfStranger()
    {
        if (PidFd.ReadExit(Handle) is { } known)
            return known;

        // Not reaped yet, so the kernel keeps the status in the zombie, and shows 0 to those who may not trace it.
        if (ProcFs.TryReadExitStatus(Identity) is int status && (status != 0 || ProcFs.MayTrace(Pid)))
            return ProcessExit.OfWaitStatus(status);

        // Perhaps it was reaped between the two looks.
        return PidFd.ReadExit(Handle) ?? ProcessExit.Unknown;
    }

    // As long as the leader, or anybody in its group, is in the process table, no new process gets the number.
    private bool SignalGroupByNumber(int signal)
    {
        ProcessFigures? holder = ProcFs.TryRead(Pid);
        if (holder is not null && !Identity.Is(holder))
            return false;
        return Spawner.KillGroup(Pid, signal);
    }
}
