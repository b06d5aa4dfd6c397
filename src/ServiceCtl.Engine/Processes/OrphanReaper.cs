using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Takes orphans that ended below a subreaper out of the process table, and never a child that has an owner in this process.
/// </summary>
/// <remarks>
/// An orphan is known by three things together. Its session is not ours, because everything spawned here leads a session of its own,
/// while children of <see cref="System.Diagnostics.Process"/> start in ours. Our <see cref="ExitWatcher"/> doesn't await it. And as a
/// zombie it was left alone for a whole second: other owners reap within milliseconds, on the same SIGCHLD that wakes this one.
/// Nothing runs while nothing ends: a SIGCHLD starts a clock of one second, and many of them start no second one.
/// </remarks>
public sealed class OrphanReaper : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ExitWatcher _watcher;
    private readonly Lock _gate = new();
    private readonly ITimer _clock;
    private readonly PosixSignalRegistration _registration;
    private HashSet<ProcessIdentity> _unclaimed = [];
    private bool _armed;
    private bool _disposed;

    public OrphanReaper(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _clock = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = PosixSignalRegistration.Create((PosixSignal)Signals.Child, _ => Arm());

        // What ended before the registration sends no further signal.
        Arm();
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        _registration.Dispose();
        _clock.Dispose();
    }

    private void Arm()
    {
        lock (_gate)
        {
            if (_armed || _disposed)
                return;
            _armed = true;
            _clock.Change(Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            // Before the look, so that an end during it starts the clock again.
            _armed = false;
            if (_disposed)
                return;

            HashSet<ProcessIdentity> zombies = [.. UnclaimedZombies()];
            foreach (ProcessIdentity orphan in zombies.Where(_unclaimed.Contains))
                Reap(orphan.Pid);
            zombies.ExceptWith(_unclaimed);
            _unclaimed = zombies;
        }

        if (_unclaimed.Count > 0)
            Arm();
    }

    private IEnumerable<ProcessIdentity> UnclaimedZombies()
    {
        IReadOnlySet<int> watched = _watcher.WatchedPids();
        int session = ProcFs.TryRead(Environment.ProcessId)?.Session ?? 0;
        return ProcFs.ChildrenOfThisProcess()
            .Where(pid => !watched.Contains(pid))
            .Select(ProcFs.TryRead)
            .OfType<ProcessFigures>()
            .Where(child => child.HasEnded && child.Session != session && child.ParentPid == Environment.ProcessId)
            .Select(child => child.Identity);
    }

    // A zombie's number stays taken until it is reaped, so that this can't be another process.
    private static unsafe void Reap(int pid)
    {
        SignalInfo info;
        _ = Libc.WaitId(LinuxConstants.WaitForPid, (uint)pid, &info, LinuxConstants.WaitExited | LinuxConstants.WaitNoHang);
    }
}
