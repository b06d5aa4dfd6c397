using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Looks after the orphans below a subreaper: tells the living ones, and takes those that ended out of the process table, but never
/// a child that has an owner in this process.
/// </summary>
/// <remarks>
/// Everything spawned here leads a session of its own, and children of <see cref="System.Diagnostics.Process"/> start in ours. So a
/// child of ours that is in another session and doesn't lead it was born elsewhere: an orphan, reaped at once. One that leads its
/// session may be a child of Process that called setsid itself (ssh, setsid(1)): it is reaped when nobody has claimed it for a second,
/// while its owner would do so within milliseconds, on the same SIGCHLD that wakes this one. Nothing runs while nothing ends.
/// </remarks>
public sealed class OrphanReaper : IDisposable
{
    // Many ends in a row cost one look.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ITimer _clock;
    private readonly PosixSignalRegistration _registration;
    private Dictionary<ProcessIdentity, long> _unclaimed = [];
    private bool _sweepIsNear;
    private bool _disposed;

    public OrphanReaper(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _time = time;
        _clock = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => OnChildEnded());

        // What ended before sends no further signal.
        OnChildEnded();
    }

    /// <summary>
    /// Living children of this process that were not spawned here: with a subreaper, the topmost of whatever survived its service.
    /// Costs one small read of /proc however many processes the host has. Whose they are, session, environment and time tell.
    /// </summary>
    public IReadOnlyList<ProcessFigures> Living() => [.. Orphans().Where(orphan => !orphan.HasEnded)];

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        _registration.Dispose();
        _clock.Dispose();
    }

    private void OnChildEnded()
    {
        lock (_gate)
        {
            if (_sweepIsNear || _disposed)
                return;
            _sweepIsNear = true;
            _clock.Change(Gathering, Timeout.InfiniteTimeSpan);
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            if (_disposed)
                return;

            // Before the look: what ends during it asks for another.
            _sweepIsNear = false;
            long now = _time.GetTimestamp();
            Dictionary<ProcessIdentity, long> unclaimed = [];
            foreach (ProcessFigures zombie in Orphans().Where(orphan => orphan.HasEnded))
            {
                long since = _unclaimed.GetValueOrDefault(zombie.Identity, now);
                if (zombie.Session != zombie.Pid || _time.GetElapsedTime(since, now) >= Grace)
                    Reap(zombie.Pid);
                else
                    unclaimed.Add(zombie.Identity, since);
            }

            _unclaimed = unclaimed;
            if (unclaimed.Count > 0)
                _clock.Change(Grace, Timeout.InfiniteTimeSpan);
        }
    }

    private IEnumerable<ProcessFigures> Orphans()
    {
        IReadOnlySet<int> watched = _watcher.WatchedPids();
        int session = ProcFs.TryRead(Environment.ProcessId)?.Session ?? 0;
        return ProcFs.ChildrenOfThisProcess()
            .Where(pid => !watched.Contains(pid))
            .Select(ProcFs.TryRead)
            .OfType<ProcessFigures>()
            .Where(child => child.Session != session && child.ParentPid == Environment.ProcessId);
    }

    // A zombie's number stays taken until it is reaped, so that this can't be another process.
    private static unsafe void Reap(int pid)
    {
        SignalInfo info;
        _ = Libc.WaitId(LinuxConstants.WaitForPid, (uint)pid, &info, LinuxConstants.WaitExited | LinuxConstants.WaitNoHang);
    }
}
