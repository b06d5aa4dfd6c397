using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners.Container;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Runners.Uvicorn;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Registry;

/// <summary>The runners that exist, by the words of <c>service.runner</c>. A new one is a folder with its class, and a line here.</summary>
public sealed class RunnerRegistry
{
    private static readonly Dictionary<string, RunnerKind> Kinds = new()
    {
        ["uwsgi"] = new((watcher, time) => new UwsgiRunner(watcher, time), UwsgiRunner.PlanSocket, CanReload: true),
        ["gunicorn"] = new((watcher, time) => new GunicornRunner(watcher, time), GunicornRunner.PlanSocket, CanReload: true),
        ["uvicorn"] = new((watcher, time) => new UvicornRunner(watcher, time), UvicornRunner.PlanSocket),
        ["python"] = new((_, time) => new PythonRunner(time), PythonRunner.PlanSocket),
        ["uv"] = new((_, time) => new UvRunner(time), UvRunner.PlanSocket),
        ["container"] = new((watcher, time) => new ContainerRunner(watcher, time), ContainerRunner.PlanSocket),
        ["command"] = new((_, time) => new CommandRunner(time), CommandRunner.PlanSocket),
    };

    private readonly Dictionary<string, IRunner> _runners;

    public RunnerRegistry(ExitWatcher watcher, TimeProvider time)
    {
        _runners = Kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Make(watcher, time));
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is no such runner.</exception>
    public IRunner RunnerOf(ServiceDefinition definition) => _runners.GetValueOrDefault(definition.Runner) ?? throw Unknown(definition);

    /// <summary>Where a service will listen, and who opens that.</summary>
    /// <inheritdoc cref="RunnerOf"/>
    public static SocketPlan PlanSocket(ServiceDefinition definition)
    {
        var plan = (Kinds.GetValueOrDefault(definition.Runner) ?? throw Unknown(definition)).PlanSocket(definition);
        return plan.IsHeld && definition.Release is { } release
            ? plan with { Addresses = [.. plan.Addresses.Select(served => served with { Address = served.Address.In(release) })] }
            : plan;
    }

    /// <summary>Does its server load its code again on request?</summary>
    public static bool CanReload(ServiceDefinition definition) => Kinds.GetValueOrDefault(definition.Runner)?.CanReload == true;

    private static ServiceCtlException Unknown(ServiceDefinition definition) => new(
        ErrorCode.ConfigInvalid, definition.Name, $"There is no runner '{definition.Runner}'.",
        $"Choose one of {string.Join(", ", Kinds.Keys)} in service.runner of {definition.ConfigPath}.");
}
