using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// One launch of uWSGI. It is ready when the master that answers on the stats socket is the launched process, every worker
/// has loaded its application, and the service answers its probe: one answered request alone would prove one worker, of anybody's.
/// </summary>
internal sealed class UwsgiLaunch : ILaunch, ICodeReload
{
    /// <summary>How often the master is asked while something is awaited that it can't announce.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly ServiceDefinition _definition;
    private readonly UwsgiConfigFile _file;
    private readonly ReadinessGate _gate;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public UwsgiLaunch(ServiceDefinition definition, UwsgiConfigFile file, ReadinessGate gate, ExitWatcher watcher, TimeProvider time)
    {
        _definition = definition;
        _file = file;
        _gate = gate;
        _watcher = watcher;
        _time = time;
    }

    public required string FileName { get; init; }

    public IReadOnlyList<string> Arguments => ["--ini", _file.Path];

    /// <summary>With what the gate needs.</summary>
    public required IReadOnlyDictionary<string, string> Environment
    {
        get;
        init => field = new Dictionary<string, string>([.. value, .. _gate.Environment]);
    }

    public IReadOnlyDictionary<string, string> PublishedFiles => _file.PublishedFiles;

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public int StopSignal => Signals.Terminate;

    /// <summary>
    /// Its routers don't: the master kills them at once. Nor do async workers, unless gevent looks after them (uwsgi.c, gracefully_kill).
    /// </summary>
    public bool FinishesRequests =>
        !UwsgiSockets.HasRouter(_definition.Uwsgi) && (!_definition.Uwsgi.Has("async") || _definition.Uwsgi.Has("gevent"));

    public ICodeReload Reload => this;

    /// <summary>Who speaks no plain HTTP on its addresses is asked on the socket that it has for the probe.</summary>
    public ProbeSite? HealthSite => ServedAddress.MainOf(UwsgiSockets.Of(_definition).Plan.Addresses) is { Speaks: not WireProtocol.Http }
        && _file.ProbeAddress is { } probe
        ? new ProbeSite(probe) { User = _definition.User }
        : null;

    public async Task<Readiness> CheckReadyAsync(ProcessIdentity process, CancellationToken cancellation)
    {
        var stats = await ReadStatsAsync(cancellation);
        if (stats is null || stats.MasterPid != process.Pid)
            return Readiness.NotYet($"the master does not answer on its stats socket {_file.StatsAddress}");

        var workers = stats.Workers.Where(IsWanted).ToArray();
        var loaded = workers.Count(worker => worker.HasApp);
        if (loaded < workers.Length || workers.Length == 0)
            return Readiness.NotYet($"{loaded} of {workers.Length} workers have loaded the application");

        return await _gate.CheckAsync(cancellation);
    }

    public void Observe(ReadOnlySpan<byte> output) => _gate.Observe(output);

    public bool IsNoise(string line) => line.StartsWith("[pid: ", StringComparison.Ordinal) || UwsgiBanner.Has(line);

    public string? Explain(IReadOnlyList<string> lastLines)
    {
        bool Mentions(string words) => lastLines.Any(line => line.Contains(words, StringComparison.Ordinal));

        if (Mentions("unrecognized option '--module") || Mentions("unrecognized option '--wsgi-file")
            || Mentions("unrecognized option '--virtualenv"))
            return "This uWSGI has no Python: 'apt install uwsgi-plugin-python3', or 'pip install uwsgi' into the virtualenv.";
        if (Mentions("unrecognized option") || Mentions("unknown config directive"))
            return $"The uwsgi section of {_definition.ConfigPath} has an option that this uWSGI does not know.";
        if (Mentions("Traceback (most recent call last)") || Mentions("callable not found or import error"))
            return "The code can't be imported; the traceback says where.";
        return null;
    }

    public Task CheckCodeAsync(CancellationToken cancellation) =>
        new UwsgiCodeCheck(_definition, this, _file, _watcher, _time).RunAsync(cancellation);

    public async Task<int> ReloadAsync(ChildProcess process, TimeSpan drain, TimeSpan limit, CancellationToken cancellation)
    {
        var workers = (await ReadStatsAsync(cancellation))?.Workers.Select(worker => worker.Pid)
            .ToHashSet() ?? [];
        // INT is a worker's word for an end at once (uwsgi.c, end_me). Its own mercies would be as long again.
        var before = new OutgoingWorkers(workers, Signals.Interrupt, drain, _watcher, _time);
        process.Signal(Signals.Hangup);

        var deadline = _time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var readiness = await CheckReloadedAsync(process.Identity, before, workers, cancellation);
            if (readiness.IsReady || process.Exited.IsCompleted)
                return before.CountCut;
            if (_time.GetElapsedTime(deadline) > limit)
            {
                throw new ServiceCtlException(
                    ErrorCode.NotReady, _definition.Name,
                    $"{_definition.Name} was asked to reload, but is not ready after {limit.TotalSeconds:0.#} s: {readiness.Words}.",
                    "Look at its log; a full restart starts a new process.");
            }

            await Task.Delay(PollInterval, _time, cancellation);
        }
    }

    /// <summary>
    /// The master waits up to a second for events, and looks behind each. Its stats socket is one of them (master.c, event_queue_wait).
    /// </summary>
    public Func<CancellationToken, Task> Wake => cancellation => ReadStatsAsync(cancellation);

    public async Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        (await ReadStatsAsync(cancellation))?.Workers ?? [];

    public void Dispose() => _gate.Dispose();

    private Task<UwsgiStats?> ReadStatsAsync(CancellationToken cancellation) =>
        UwsgiStats.TryReadAsync(_file.StatsAddress, _definition.User, cancellation);

    private async Task<Readiness> CheckReloadedAsync(
        ProcessIdentity process, OutgoingWorkers before, HashSet<int> oldPids, CancellationToken cancellation)
    {
        var left = before.Press();
        // Also asked for the master's sake, see Wake.
        var stats = await ReadStatsAsync(cancellation);
        if (left > 0)
            return Readiness.NotYet($"{left} workers are still finishing their requests");
        // The old master goes on telling of workers that have ended, and of some that have no process.
        return stats is null || stats.Workers.Any(worker => IsWanted(worker) && (worker.Pid == 0 || oldPids.Contains(worker.Pid)))
            ? Readiness.NotYet("the master is starting again")
            : await CheckReadyAsync(process, cancellation);
    }

    /// <summary>Workers that cheaper mode keeps asleep have no process, and nothing to load.</summary>
    private static bool IsWanted(WorkerStatus worker) => worker.Status != "cheap";
}
