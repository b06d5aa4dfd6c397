using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// The workers that a server lets go while it reloads. Who has not finished its request in time is made to end: so that exit handlers run
/// first, and in the end for good.
/// </summary>
internal sealed class OutgoingWorkers
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<ProcessIdentity> _workers;
    private readonly int _signal;
    private readonly TimeSpan _limit;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;
    private readonly long _begin;
    private readonly HashSet<ProcessIdentity> _interrupted = [];

    /// <param name="pids">Whose.</param>
    /// <param name="signal">Makes one of them end in the middle of a request.</param>
    /// <param name="limit">How long they have from now on.</param>
    /// <param name="watcher">Watches processes.</param>
    /// <param name="time">The clock.</param>
    public OutgoingWorkers(IEnumerable<int> pids, int signal, TimeSpan limit, ExitWatcher watcher, TimeProvider time)
    {
        _workers = [.. pids.Select(ProcessIdentity.Of).OfType<ProcessIdentity>()];
        _signal = signal;
        _limit = limit;
        _watcher = watcher;
        _time = time;
        _begin = time.GetTimestamp();
    }

    /// <summary>How many had to be made to end.</summary>
    public int CountCut => _interrupted.Count;

    /// <summary>Looks who is left, and makes those end whose time is over.</summary>
    /// <returns>How many are left.</returns>
    public int Press()
    {
        var left = _workers.Where(worker => worker.IsAlive()).ToArray();
        var elapsed = _time.GetElapsedTime(_begin);
        foreach (var worker in elapsed < _limit ? [] : left)
        {
            if (_interrupted.Add(worker))
                Signal(worker, _signal);
            else if (elapsed > _limit + GracePeriod)
                Signal(worker, Signals.Kill);
        }

        return left.Length;
    }

    private void Signal(ProcessIdentity worker, int signal)
    {
        using var process = ChildProcess.Adopt(worker, _watcher);
        process?.Signal(signal);
    }
}
