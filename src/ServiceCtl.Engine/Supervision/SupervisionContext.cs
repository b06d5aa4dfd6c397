using System.Collections.Concurrent;
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
    private readonly Func<string, string> _logFolder;
    private readonly ConcurrentDictionary<string, CapturedLog> _logs = new();
    private readonly LogCapture _capture;
    private readonly Action<ServiceEvent> _events;
    private readonly Action<string, bool> _wanted;

    public SupervisionContext(
        IEnumerable<IRunner> runners, ExitWatcher watcher, ProcessScopes scopes, LogCapture capture, TimeProvider time, Func<string, string> runFolder, Func<string, string> logFolder,
        Action<ServiceEvent> events, Action<string, bool> wanted)
    {
        _runners = runners.ToDictionary(runner => runner.Name);
        _runFolder = runFolder;
        _logFolder = logFolder;
        _events = events;
        _wanted = wanted;
        _capture = capture;
        Scopes = scopes;
        Watcher = watcher;
        Time = time;
        Ender = new GenerationEnder(this);
        Starter = new GenerationStarter(this);
    }

    public ExitWatcher Watcher { get; }

    public ProcessScopes Scopes { get; }

    public TimeProvider Time { get; }

    internal GenerationStarter Starter { get; }

    internal GenerationEnder Ender { get; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such runner.</exception>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.GetValueOrDefault(definition.Runner) ?? throw new ServiceCtlException(
        ErrorCode.ConfigInvalid, definition.Name, $"There is no runner '{definition.Runner}'.",
        $"Choose one of {string.Join(", ", _runners.Keys)} in service.runner of {definition.ConfigPath}.");

    /// <summary>Holds one folder per living generation, named by its number.</summary>
    public string RunFolderOf(string service) => _runFolder(service);

    /// <summary>The file that gets what the service prints.</summary>
    public string OutputFileOf(string service) => Path.Combine(_logFolder(service), "output.log");

    /// <summary>The capture of a service's output, as its definition wants it now.</summary>
    internal CapturedLog LogOf(ServiceDefinition definition)
    {
        var settings = new LogSettings { MaxSize = definition.Logs.MaxSizeBytes, Keep = definition.Logs.Keep, Compress = definition.Logs.Compress };
        var log = _logs.GetOrAdd(definition.Name, name =>
        {
            Directory.CreateDirectory(RunFolderOf(name));
            TryMakeLogFolder(name);
            return _capture.Attach(name, Path.Combine(RunFolderOf(name), "output"), OutputFileOf(name), settings);
        });
        log.Settings = settings;
        return log;
    }

    /// <summary>The capture tells what is in its way, and a service never waits for its log.</summary>
    private void TryMakeLogFolder(string service)
    {
        try
        {
            Directory.CreateDirectory(_logFolder(service));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Ends the capture of a service that is no longer known.</summary>
    public void Forget(string service)
    {
        if (_logs.TryRemove(service, out var log))
            log.Dispose();
    }

    /// <summary>Keeps on disk whether the service is to run, so that it does after a reboot.</summary>
    public void SetWanted(string service, bool isWanted) => _wanted(service, isWanted);

    public void Tell(string service, ServiceEventKind kind, string message) =>
        _events(new ServiceEvent { Time = Time.GetLocalNow(), Service = service, Kind = kind, Message = message });
}
