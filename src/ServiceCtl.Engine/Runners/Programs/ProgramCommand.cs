using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>A program and its arguments, made into a launch: placeholders, passed socket, environment, readiness.</summary>
internal sealed record ProgramCommand
{
    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public bool StopsGroup { get; init; }

    /// <summary>A program that names the socket's number takes it by that; all others are told of it in systemd's way, too.</summary>
    public static SocketPlan PlanSocket(ServiceDefinition definition) =>
        SocketPlans.Of(definition, SocketPlaceholders.NamesDescriptor(definition.Command) ? SocketMode.Pass : SocketMode.Own);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static void RequireOneInstance(ServiceDefinition definition)
    {
        if (definition.Instances > 1)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"{definition.Name} can't run {definition.Instances} instances: the runner {definition.Runner} launches one process.",
                $"Set service.instances of {definition.ConfigPath} to 1, or choose a runner with workers: uwsgi, gunicorn, uvicorn.");
        }
    }

    public ILaunch Prepare(LaunchRequest request, TimeProvider time)
    {
        var definition = request.Definition;
        SocketPlans.RequireOwnProof(request);
        var (fileName, arguments) = (FileName, SocketPlaceholders.Replace(definition, Arguments, request.HasSocket));
        var environment = new Dictionary<string, string>(Environment);
        if (request.HasSocket)
        {
            (fileName, arguments) = SocketActivation.Wrap(fileName, arguments);
            SocketActivation.Announce(environment, sockets: 1);
        }

        var gate = ReadinessGate.Open(request, Probes.Create(definition.Listen, definition.Ready.HttpPath, ReadinessGate.ProbeTimeout, request.Connect), time);
        return new ProgramLaunch(request, gate)
        {
            FileName = fileName,
            Arguments = arguments,
            Environment = new Dictionary<string, string>([.. environment, .. gate.Environment]),
            StopsGroup = StopsGroup,
            Explanation = lines => ProgramWords.Explain(definition, lines),
        };
    }

    public static ILaunch Recognise(LaunchRequest request, TimeProvider time, bool stopsGroup = false) =>
        new ProgramLaunch(request, ReadinessGate.Recognise(request.Definition, probe: null, time)) { StopsGroup = stopsGroup };
}
