using System.Collections.Concurrent;
using System.Threading.Channels;
using Serilog;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Scheduling;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// The agent's inside: the catalog, one supervisor per service, and the orders that the control API takes. Knows nothing of HTTP.
/// </summary>
public sealed partial class ServiceAgent : IAsyncDisposable, ISupervisionJournal
{
    private readonly AgentPaths _paths;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ServiceCatalog _catalog;
    private readonly ExitWatcher _watcher = new();
    private readonly SupervisionContext _context;
    private readonly ConcurrentDictionary<string, Supervisor> _supervisors = new();
    private readonly ConcurrentDictionary<string, ServiceDefinition> _definitions = new();
    private readonly EventHub _events;
    private readonly ProcessScopes _scopes;
    private readonly LogCapture _capture;
    private readonly ConfigurationResponder _configurations;
    private readonly RelogHandler _relog;
    private readonly RemoteServices _remote;
    private readonly ConsulAnnouncer _consul;
    private readonly Scheduler _schedules;
    private readonly AlertDispatcher _alerts;
    private readonly HookRunner _hooks;
    private readonly IdleGarbageCollection _quiet;
    private readonly CancellationTokenSource _ending = new();
    private readonly Operations _operations;
    private readonly ProcessorLoad _load;
    private readonly DateTimeOffset _startedAt;
    private Task _restoration = Task.CompletedTask;
    private Task _hostRules = Task.CompletedTask;

    private ServiceAgent(AgentPaths paths, TimeProvider time, ILogger log)
    {
        _paths = paths;
        _time = time;
        _log = log;
        _events = new EventHub(paths.Events, log, JournalSize.Of(Environment.GetEnvironmentVariable));
        _scopes = new ProcessScopes(paths.Home, _watcher, time);
        _capture = new LogCapture(time, ReportLogProblem);
        _load = new ProcessorLoad(time);
        _startedAt = time.GetLocalNow();
        _quiet = new IdleGarbageCollection(time);
        _quiet.NoteWork();
        _catalog = ServiceCatalog.Load(paths.Catalog, problem => log.Error("{Problem}", problem));
        _consul = new ConsulAnnouncer(time);
        _remote = new RemoteServices(paths.ServiceRemote, _supervisors.GetValueOrDefault, time, _events.Publish);
        var tools = new SchedulerTools(_scopes, _watcher, _capture, time);
        _schedules = new Scheduler(paths, tools,
            new ScheduleHost { IsWanted = IsWanted, Order = OrderAsync, Publish = _events.Publish });
        _alerts = new AlertDispatcher(
            paths, new AlertProcess(paths, _watcher, trouble => log.Warning("{Trouble}", trouble)), _events, IsWanted, time);
        _hooks = new HookRunner(paths, tools, _events.Publish);
        _context = new SupervisionContext(
            new SupervisionTools(new RunnerRegistry(_watcher, time), _watcher, _scopes, _capture, time), paths, journal: this,
            observers: [_remote, _consul, new ScheduleObserver(_schedules), new AlertObserver(_alerts)])
        {
            CountServices = () => _supervisors.Count,
        };
        _context.HostRules.Changed += NoticeHostRules;
        _relog = new RelogHandler(_context, _events.Publish);
        _operations = new Operations(_supervisors, OperateAsync, _quiet.NoteWork);
        _configurations = new ConfigurationResponder(time, log, _supervisors.GetValueOrDefault, _events.Publish);
    }

    /// <summary>Makes an agent that looks after everything in its user's catalog.</summary>
    public static async Task<ServiceAgent> CreateAsync(AgentPaths paths, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var agent = new ServiceAgent(paths, time, log);
        await agent._context.HostRules.RefreshAsync(cancellation);
        var marked = agent._scopes.FindAll().ToLookup(found => found.Marker.Service);
        await Task.WhenAll(
            agent._catalog.Entries
                .Select(async entry => await (await agent.SuperviseAsync(entry, cancellation)).RecoverAsync(
                    BelievedMarks.Of(marked[entry.Name], entry))));
        foreach (var stranger in marked.Where(found => ServiceName.IsValid(found.Key) && !agent._supervisors.ContainsKey(found.Key)))
            log.Warning("Processes of {Service} run, which is not registered; they are left alone: {Pids}", stranger.Key,
                stranger.SelectMany(found => found.Members).Select(member => member.Pid));
        foreach (var (name, supervisor) in agent._supervisors)
            agent._hooks.Resume(name, supervisor.Serving?.Definition ?? agent._definitions.GetValueOrDefault(name),
                marked[name].Any(one => HookRunner.IsRun(one.Marker)));
        agent._alerts.Resume();
        agent._restoration = agent.RestoreAsync();
        agent._hostRules = agent._context.FollowHostRulesAsync(problem => log.Warning("{Problem}", problem), agent._ending.Token);
        return agent;
    }

    public AgentInfo Info => new()
    {
        Pid = Environment.ProcessId,
        Version = ProductVersion.Text,
        StartedAt = _startedAt,
        Socket = _paths.Socket,
        LogPath = _paths.AgentLog,
        User = Environment.UserName,
        Services = _supervisors.Count,
        Running = _supervisors.Values.Count(supervisor => supervisor.Record.Pid is not null),
        Warnings = [.. _context.HostRules.Current.Problems.Select(problem => $"{problem.Place}: {problem.Message}")],
    };

    /// <summary>The services that the patterns select, by name; all of them for no pattern.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public IReadOnlyList<PyService> List(IReadOnlyList<string> patterns) =>
        [.. Require(patterns).Select(supervisor => supervisor.Record.ToPyService())];

    /// <summary>What has happened after the event with a number; then, to a follower, a null, and what happens.</summary>
    public IAsyncEnumerable<ServiceEvent?> ReadEventsAsync(long after, bool follow, CancellationToken cancellation) =>
        _events.ReadAsync(after, follow, cancellation);

    /// <summary>Gives an order to every service that the patterns select, and streams what happens.</summary>
    public ChannelReader<OperationEvent> Operate(OperationRequest request, CancellationToken cancellation)
    {
        // Or what was done before would be collected in the middle of it.
        _quiet.NoteWork();
        return _operations.Begin(request, cancellation);
    }

    /// <summary>
    /// Sorts exceptions and errors out of the logs of the services that the patterns select, and streams steps and reports.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public IAsyncEnumerable<RelogEvent> RelogAsync(RelogRequest request, CancellationToken cancellation) => _relog.RunAsync(
        Require(request.Services), request.EmptyFirst, cancellation);

    /// <summary>Waits until the service is in a state, and what was ordered before has been carried out.</summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.TimedOut"/>, with the state it is in; <see cref="ErrorCode.InvalidState"/>: it has failed, and nobody has
    /// ordered anything that could change it.
    /// </exception>
    public async Task<PyService> WaitAsync(string name, ServiceState state, TimeSpan limit, CancellationToken cancellation)
    {
        var supervisor = RequireOne(name);
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        while (true)
        {
            var change = supervisor.NextChangeAsync(either.Token);
            // Before what is under way: a restart that was ordered a moment ago may not have begun.
            var isSettled = supervisor.IsSettled;
            var record = supervisor.Record;
            if (record.State == state && (isSettled || state is ServiceState.Starting or ServiceState.Restarting or ServiceState.Stopping))
                return record.ToPyService();
            if (record.State is ServiceState.Failed && isSettled)
            {
                throw new ServiceCtlException(
                    ErrorCode.InvalidState, name,
                    $"{name} has failed, and is not going to be {state}: {record.Problem ?? "nothing more is known."}",
                    $"'servicectl logs {name}' shows what it printed; 'servicectl start {name}' tries again.");
            }

            try
            {
                await change;
            }
            catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
            {
                throw new ServiceCtlException(
                    ErrorCode.TimedOut, name, $"{name} is {supervisor.Record.State}, not {state}, after {limit.TotalSeconds:0.#} s.",
                    supervisor.Record.Problem, error);
            }
        }
    }

    /// <summary>May the agent end now?</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AgentBusy"/>: services run.</exception>
    public void RequireIdle()
    {
        // One that waits for its restart needs the agent most of all.
        var running = _supervisors.Values.Where(supervisor => supervisor.Record is { Pid: not null } or { State: ServiceState.Restarting })
            .Select(supervisor => supervisor.Record.Name).Order(StringComparer.Ordinal).ToArray();
        if (running.Length > 0)
        {
            throw new ServiceCtlException(
                ErrorCode.AgentBusy, _paths.Socket,
                $"The agent still looks after {running.Length} running services: {string.Join(", ", running.Take(10))}.",
                "Stop them first, or say what becomes of them: '--keep-services' leaves them running for the next agent, '--force' "
                    + "stops them.");
        }
    }

    /// <summary>Stops every running service.</summary>
    public async Task StopAllAsync()
    {
        await foreach (var happened in Operate(new OperationRequest { Action = ServiceAction.Stop, Services = [] }, CancellationToken.None)
            .ReadAllAsync())
        {
            if (happened.Result is { Outcome: OperationOutcome.Failed } failed)
                _log.Error("{Message}", failed.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _configurations.Dispose();
        await _remote.DisposeAsync();
        await _ending.CancelAsync();
        await _restoration;
        await _hostRules;
        await _schedules.DisposeAsync();
        foreach (var supervisor in _supervisors.Values)
            await supervisor.DisposeAsync();
        await _hooks.DisposeAsync();
        await _consul.DisposeAsync();
        await _alerts.DisposeAsync();
        _catalog.Flush();
        _relog.Dispose();
        _context.EndWatch();
        _context.HostRules.Dispose();
        _capture.Dispose();
        await _context.Logs.DisposeAsync();
        _events.Dispose();
        _scopes.Dispose();
        _watcher.Dispose();
        _registration.Dispose();
        _quiet.Dispose();
        _ending.Dispose();
    }

    private async Task RestoreAsync()
    {
        try
        {
            await new Restoration(_supervisors.Values,
                [.. _catalog.Entries.Where(entry => entry.IsStartedBy(ProcFs.BootId)).Select(entry => entry.Name)]).RunAsync(_ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The agent ends; the next one goes on with it.
        }
        catch (Exception error)
        {
            _log.Error(error, "What is to run could not be started as a whole");
        }
    }

    private Supervisor[] Require(IReadOnlyList<string> patterns)
    {
        var (names, missing) = NamePattern.Select(patterns, [.. _supervisors.Keys.Order(StringComparer.Ordinal)]);
        return missing.Count == 0
            ? [.. names.Select(name => _supervisors.GetValueOrDefault(name)).OfType<Supervisor>()]
            : throw NamePattern.NotFound(missing[0]);
    }

    /// <summary>By its name alone: what is for one service must not take the first that a pattern matches.</summary>
    private Supervisor RequireOne(string name) => _supervisors.GetValueOrDefault(name) ?? throw NamePattern.NotFound(name);

    void ISupervisionJournal.SetWanted(string service, bool isWanted) => _catalog.SetWanted(service, isWanted);

    void ISupervisionJournal.SetFinished(string service, bool hasFinished) => _catalog.SetFinished(service, hasFinished);

    long ISupervisionJournal.Publish(ServiceEvent happened)
    {
        var number = _events.Add(happened);
        if (happened.Kind is ServiceEventKind.Started or ServiceEventKind.Restarted or ServiceEventKind.HotRestarted
            or ServiceEventKind.Adopted
            && _supervisors.GetValueOrDefault(happened.Service) is { } supervisor)
        {
            // What it has printed while it started is news; what happened while there was no agent is old.
            var since = happened.Kind == ServiceEventKind.Adopted ? happened.Time : supervisor.Record.StartedAt ?? happened.Time;
            _relog.Follow(supervisor, since);
        }

        return number;
    }

    private void ReportLogProblem(LogProblem problem) => _events.Publish(new ServiceEvent
    {
        Time = _time.GetLocalNow(),
        Service = problem.Service,
        Kind = ServiceEventKind.Warning,
        Message = problem.Message,
    });
}
