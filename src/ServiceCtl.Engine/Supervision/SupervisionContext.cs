using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What all supervisors of an agent share.</summary>
public sealed class SupervisionContext
{
    private readonly IReadOnlyDictionary<string, IRunner> _runners;
    private readonly Func<string, string> _runFolder;
    private readonly Func<string, string> _outputFile;
    private readonly Action<ServiceEvent> _events;
    private readonly Action<string, bool> _wanted;
    private readonly Action<string, bool> _finished;

    public SupervisionContext(
        IEnumerable<IRunner> runners, ExitWatcher watcher, ProcessScopes scopes, LogCapture capture, TimeProvider time, string home, Func<string, string> runFolder, Func<string, string> outputFile,
        Action<ServiceEvent> events, Action<string, bool> wanted, Action<string, bool> finished, IReadOnlyList<IServingObserver> observers)
    {
        _runners = runners.ToDictionary(runner => runner.Name);
        Home = home;
        _runFolder = runFolder;
        _outputFile = outputFile;
        _events = events;
        _wanted = wanted;
        _finished = finished;
        Scopes = scopes;
        Watcher = watcher;
        Time = time;
        Logs = new ServiceLogs(this, capture);
        Observers = observers;
        Ender = new GenerationStopper(this);
        Starter = new GenerationStarter(this);
        Preflight = new LaunchPreflight(this);
    }

    public ExitWatcher Watcher { get; }

    public ProcessScopes Scopes { get; }

    public TimeProvider Time { get; }

    internal ServiceLogs Logs { get; }

    /// <summary>Those who are notified when a service begins and ceases to serve.</summary>
    public IReadOnlyList<IServingObserver> Observers { get; }

    internal GenerationStarter Starter { get; }

    internal LaunchPreflight Preflight { get; }

    internal GenerationStopper Ender { get; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such runner.</exception>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.GetValueOrDefault(definition.Runner) ?? throw new ServiceCtlException(
        ErrorCode.ConfigInvalid, definition.Name, $"There is no runner '{definition.Runner}'.",
        $"Choose one of {string.Join(", ", _runners.Keys)} in service.runner of {definition.ConfigPath}.");

    /// <summary>The agent's folder, closed to others; those of services are below it.</summary>
    public string Home { get; }

    /// <summary>Holds one folder per living generation, named by its number.</summary>
    public string RunFolderOf(string service) => _runFolder(service);

    /// <summary>The file that gets what the service prints.</summary>
    public string OutputFileOf(string service) => _outputFile(service);

    /// <summary>Remembers where the logs of a service end now.</summary>
    internal LogTail MarkLogs(ServiceDefinition definition) =>
        LogTail.Mark(definition.ServerLog is { } log ? [OutputFileOf(definition.Name), log] : [OutputFileOf(definition.Name)]);

    /// <summary>Keeps on disk whether the service is to run, so that it does after a reboot.</summary>
    public void SetWanted(string service, bool isWanted) => _wanted(service, isWanted);

    /// <summary>Keeps on disk whether it has ended as it may, so that another agent does not take it for lost.</summary>
    public void SetFinished(string service, bool hasFinished) => _finished(service, hasFinished);

    public void Report(string service, ServiceEventKind kind, string message, ExitReport? exit = null, ErrorReport? error = null) =>
        _events(new ServiceEvent { Time = Time.GetLocalNow(), Service = service, Kind = kind, Message = message, Exit = exit, Error = error });
}
