using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>
/// A Python project run by <c>uv run</c>, which makes its environment up to date first. https://docs.astral.sh/uv/reference/cli/#uv-run
/// </summary>
public sealed class UvRunner : IRunner
{
    /// <summary>Where the child is to listen, as ip:port: what a wrapper-kit project binds.</summary>
    private const string BindingAddress = "BINDING_ADDRESS";

    private readonly TimeProvider _time;

    public UvRunner(TimeProvider time)
    {
        _time = time;
    }

    public string Name => "uv";

    public static SocketPlan PlanSocket(ServiceDefinition definition) => ProgramCommand.PlanSocket(definition);

    public int CountProcesses(ServiceDefinition definition) => definition.Instances;

    public Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        var environment = new Dictionary<string, string>(ServiceEnvironment.Of(definition));
        if (definition.Listen is { } listen)
            environment.TryAdd(BindingAddress, listen.ToString());
        var command = new ProgramCommand
        {
            FileName = ServiceEnvironment.FindProgram(environment, "uv") ?? throw new ServiceCtlException(
                ErrorCode.RunnerMissing, definition.Name, $"uv is not installed: no 'uv' in {environment["PATH"]}.",
                "Install it, as https://docs.astral.sh/uv/getting-started/installation/ says, or with 'pipx install uv', into a folder of "
                    + "that PATH."),
            Arguments = ["run", .. PythonScript.Of(definition)],
            Environment = environment,
            // Python may be uv's child.
            StopsGroup = true,
        };
        return Task.FromResult(command.Prepare(request, _time));
    }

    public ILaunch Recognise(LaunchRequest request) => ProgramCommand.Recognise(request, _time, stopsGroup: true);
}
