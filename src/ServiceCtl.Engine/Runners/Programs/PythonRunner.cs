using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>A Python script with the interpreter of the service's virtualenv, or the system's.</summary>
public sealed class PythonRunner : IRunner
{
    private readonly TimeProvider _time;

    public PythonRunner(TimeProvider time)
    {
        _time = time;
    }

    public string Name => "python";

    public static SocketPlan PlanSocket(ServiceDefinition definition) => ProgramCommand.PlanSocket(definition);

    public int CountProcesses(ServiceDefinition definition) => definition.Instances;

    public Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.Of(definition);
        var command = new ProgramCommand
        {
            FileName = PythonInterpreter.Of(definition, environment),
            Arguments = PythonScript.Of(definition),
            Environment = environment,
        };
        return Task.FromResult(command.Prepare(request, _time));
    }

    public ILaunch Recognise(LaunchRequest request) => ProgramCommand.Recognise(request, _time);
}
