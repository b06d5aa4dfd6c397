using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Runners.Uvicorn;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Registry;

/// <summary>The runners that exist. A new one is a folder with its class, and a line here.</summary>
public sealed class RunnerRegistry
{
    private readonly IReadOnlyDictionary<string, IRunner> _runners;

    public RunnerRegistry(ExitWatcher watcher, TimeProvider time)
    {
        IRunner[] runners =
        [
            new UwsgiRunner(watcher, time),
            new GunicornRunner(watcher, time),
            new UvicornRunner(watcher, time),
            new PythonRunner(time),
            new UvRunner(time),
            new CommandRunner(time),
        ];
        _runners = runners.ToDictionary(runner => runner.Name);
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such runner.</exception>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.GetValueOrDefault(definition.Runner) ?? throw new ServiceCtlException(
        ErrorCode.ConfigInvalid, definition.Name, $"There is no runner '{definition.Runner}'.",
        $"Choose one of {string.Join(", ", _runners.Keys)} in service.runner of {definition.ConfigPath}.");
}
