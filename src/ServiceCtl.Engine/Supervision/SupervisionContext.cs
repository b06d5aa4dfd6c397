using ServiceCtl.Contracts;
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

    public SupervisionContext(
        IEnumerable<IRunner> runners, ExitWatcher watcher, TimeProvider time, Func<string, string> runFolder, Func<string, string> logFolder)
    {
        _runners = runners.ToDictionary(runner => runner.Name);
        _runFolder = runFolder;
        _logFolder = logFolder;
        Watcher = watcher;
        Time = time;
        Ender = new GenerationEnder(this);
        Starter = new GenerationStarter(this);
    }

    public ExitWatcher Watcher { get; }

    public TimeProvider Time { get; }

    internal GenerationStarter Starter { get; }

    internal GenerationEnder Ender { get; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such runner.</exception>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.GetValueOrDefault(definition.Runner) ?? throw new ServiceCtlException(
        ErrorCode.ConfigInvalid, definition.Name, $"There is no runner '{definition.Runner}'.",
        $"Choose one of {string.Join(", ", _runners.Keys)} in service.runner of {definition.ConfigPath}.");

    /// <summary>The service's private folder for sockets and generated files; made if need be.</summary>
    public string RunFolderOf(string service) => Directory.CreateDirectory(_runFolder(service)).FullName;

    /// <summary>The file that gets what the service prints.</summary>
    public string OutputFileOf(string service) => Path.Combine(_logFolder(service), "output.log");
}
