using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>Any program, in the foreground.</summary>
public sealed class CommandRunner : IRunner
{
    private readonly TimeProvider _time;

    public CommandRunner(TimeProvider time)
    {
        _time = time;
    }

    public string Name => "command";

    public static SocketPlan PlanSocket(ServiceDefinition definition) => ProgramCommand.PlanSocket(definition);

    public int CountProcesses(ServiceDefinition definition) => definition.Instances;

    public Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        if (definition.Command.Count == 0)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"Nothing says what {definition.Name} runs: service.command is missing.",
                $"Write it into {definition.ConfigPath}, as 'command: [./server, --port, \"{{port}}\"]'.");
        }

        var environment = ServiceEnvironment.Of(definition);
        var command = new ProgramCommand
        {
            FileName = ServiceEnvironment.RequireProgram(definition, environment, definition.Command[0]),
            Arguments = [.. definition.Command.Skip(1)],
            Environment = environment,
        };
        return Task.FromResult(command.Prepare(request, _time));
    }

    public ILaunch Recognise(LaunchRequest request) => ProgramCommand.Recognise(request, _time);
}
