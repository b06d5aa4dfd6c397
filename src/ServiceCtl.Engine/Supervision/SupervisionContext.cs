using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What all supervisors of an agent share.</summary>
public sealed class SupervisionContext
{
    private readonly RunnerRegistry _runners;
    private readonly AgentPaths _paths;
    private readonly ISupervisionJournal _journal;
    private readonly Lock _gate = new();
    private FileChanges? _changes;

    /// <param name="tools">What supervisors work with.</param>
    /// <param name="paths">Where the files of services are.</param>
    /// <param name="journal">Receives what has to outlive a supervisor.</param>
    /// <param name="observers">Those who are notified when a service begins and ceases to serve.</param>
    public SupervisionContext(
        SupervisionTools tools, AgentPaths paths, ISupervisionJournal journal, IReadOnlyList<IServingObserver> observers)
    {
        _runners = tools.Runners;
        _paths = paths;
        _journal = journal;
        Scopes = tools.Scopes;
        Watcher = tools.Watcher;
        Time = tools.Time;
        Logs = new ServiceLogs(this, tools.Capture);
        Observers = observers;
        Ender = new GenerationStopper(this);
        Starter = new GenerationStarter(this);
        Preflight = new LaunchPreflight(this);
        LineBuffering = new LineBuffering(paths.Home);
        HostRules = new HostRuleFile(paths, tools.Time);
        Sinks = new FailureSinks(this);
        Turns = new StartTurns(() => AtOnce.Of(HostRules.Current.AtOnce, CountServices()));
    }

    public ExitWatcher Watcher { get; }

    public ProcessScopes Scopes { get; }

    public TimeProvider Time { get; }

    internal ServiceLogs Logs { get; }

    /// <summary>Those who are notified when a service begins and ceases to serve.</summary>
    public IReadOnlyList<IServingObserver> Observers { get; }

    /// <summary>Room for clients that the agent answers in a service's place.</summary>
    internal ClientShare Clients { get; } = ClientShare.OfThisProcess();

    /// <summary>Wakes whoever follows a log; made when the first one does.</summary>
    /// <exception cref="ServiceCtlException">The user has no inotify instance left; there may be one the next time.</exception>
    internal FileChanges Changes
    {
        get
        {
            lock (_gate)
                return _changes ??= new FileChanges();
        }
    }

    /// <summary>The host's rules for failures.</summary>
    public HostRuleFile HostRules { get; }

    /// <summary>Where failures are written down beside the journal.</summary>
    internal FailureSinks Sinks { get; }

    /// <summary>Who may be started again now, of all that have failed.</summary>
    internal StartTurns Turns { get; }

    /// <summary>How many services there are, of which some may be started again at the same time.</summary>
    public Func<int> CountServices { get; init; } = () => 1;

    internal GenerationStarter Starter { get; }

    internal LaunchPreflight Preflight { get; }

    internal GenerationStopper Ender { get; }

    internal LineBuffering LineBuffering { get; }

    /// <inheritdoc cref="RunnerRegistry.RunnerOf"/>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.RunnerOf(definition);

    /// <summary>All rules for failures of a service, as they are now: its own, and the host's.</summary>
    internal IReadOnlyList<FailureRule> RulesOf(ServiceDefinition definition) => HostRules.Current.Behind(definition.OnFailure);

    /// <summary>The agent's folder, closed to others; those of services are below it.</summary>
    public string Home => _paths.Home;

    /// <summary>Holds one folder per living generation, named by its number.</summary>
    public string RunFolderOf(string service) => _paths.ServiceRun(service);

    internal void MakeRunFolderOf(string service) => _paths.EnsureServiceRun(service);

    /// <summary>Keeps which release of the service serves.</summary>
    public string ReleaseFileOf(string service) => _paths.ServiceRelease(service);

    /// <summary>The file that gets what the service prints.</summary>
    public string OutputFileOf(string service) => _paths.ServiceOutput(service);

    /// <summary>The file that gets what its canaries print.</summary>
    public string CanaryFileOf(string service) => _paths.ServiceCanaryOutput(service);

    /// <summary>The file that takes its failures, where its rules say so.</summary>
    public string FailureFileOf(string service) => _paths.ServiceFailures(service);

    /// <summary>Takes what a generation prints.</summary>
    internal CapturedLog OutputOf(Generation generation) =>
        generation.IsCanary ? Logs.OfCanary(generation.Definition) : Logs.Of(generation.Definition);

    /// <summary>Remembers where the logs end now that a generation writes to.</summary>
    internal LogTail MarkLogs(Generation generation) => generation.IsCanary
        ? LogTail.Mark([(CanaryFileOf(generation.Definition.Name), null)]) : MarkLogs(generation.Definition);

    /// <summary>Remembers where the logs of a service end now.</summary>
    internal LogTail MarkLogs(ServiceDefinition definition) =>
        LogTail.Mark(
            definition.ServerLog is { } log
                ? [(OutputFileOf(definition.Name), null), (log, definition.Actor)] : [(OutputFileOf(definition.Name), null)]);

    /// <inheritdoc cref="ISupervisionJournal.SetWanted"/>
    public void SetWanted(string service, bool isWanted) => _journal.SetWanted(service, isWanted);

    /// <inheritdoc cref="ISupervisionJournal.SetFinished"/>
    public void SetFinished(string service, bool hasFinished) => _journal.SetFinished(service, hasFinished);

    /// <inheritdoc cref="ISupervisionJournal.RunHook"/>
    internal void RunHook(ServiceDefinition definition, FailureHook hook, PyServiceFailure failure) =>
        _journal.RunHook(definition, hook, failure);

    /// <inheritdoc cref="ISupervisionJournal.PassUp"/>
    internal void PassUp(string service) => _journal.PassUp(service);

    /// <inheritdoc cref="ISupervisionJournal.StartInstead"/>
    internal void StartInstead(string service, string other) => _journal.StartInstead(service, other);

    /// <summary>
    /// Reads the host's rules again whenever they change, until it is cancelled: rules about lines count as soon as they are written;
    /// others are read when something fails.
    /// </summary>
    /// <param name="report">Gets the reason why the rules can't be watched.</param>
    /// <param name="cancellation">Ends the watch.</param>
    internal async Task FollowHostRulesAsync(Action<string> report, CancellationToken cancellation)
    {
        try
        {
            await ChangeLoop.RunAsync(Changes, _paths.HostRules, Time, async () =>
            {
                await HostRules.RefreshAsync(cancellation);
                return false;
            }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever asked for it ends.
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            report($"{_paths.HostRules} is not watched, but read when a service fails: {error.Message}");
        }
    }

    /// <summary>Ends the watch over logs, when nobody follows one any more.</summary>
    public void EndWatch()
    {
        lock (_gate)
            _changes?.Dispose();
    }

    public void Report(
        string service, ServiceEventKind kind, string message, ExitReport? exit = null, ErrorReport? error = null,
        PyServiceFailure? failure = null) =>
        _journal.Publish(new ServiceEvent
        {
            Time = failure?.Time ?? Time.GetLocalNow(),
            Service = service,
            Kind = kind,
            Message = message,
            Exit = exit,
            Error = error,
            Failure = failure,
        });

    /// <summary>Writes a failure down where its rule says.</summary>
    /// <param name="definition">The service's.</param>
    /// <param name="rule">That decided; null for none.</param>
    /// <param name="happened">The event.</param>
    /// <param name="isNote">Does nothing follow from it, so that the journal can do without it?</param>
    internal void Report(ServiceDefinition definition, FailureRule? rule, ServiceEvent happened, bool isNote = false) =>
        Report(definition, rule, happened, isNote, _journal.Publish);

    /// <summary>The same where there is no journal of an agent.</summary>
    /// <param name="definition">The service's.</param>
    /// <param name="rule">That decided; null for none.</param>
    /// <param name="happened">The event.</param>
    /// <param name="isNote">Does nothing follow from it?</param>
    /// <param name="publish">Takes the event, and gives it its number.</param>
    internal void Report(
        ServiceDefinition definition, FailureRule? rule, ServiceEvent happened, bool isNote, Func<ServiceEvent, long> publish)
    {
        happened = EventLevels.Complete(happened with { Level = rule?.Record?.Level });
        if (!isNote || rule?.Record is not { IsInJournal: false })
            happened = happened with { Sequence = publish(happened) };
        if (rule?.Record is { } record)
            Sinks.Write(definition, record, happened);
    }
}
