using System.Globalization;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners.Programs;

/// <summary>A program and its arguments, made into a launch: placeholders, passed socket, environment, readiness.</summary>
internal sealed record ProgramCommand
{
    /// <summary>Tells a process which instance of its service it is, from 0.</summary>
    public const string InstanceVariable = "SERVICECTL_INSTANCE";

    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public bool StopsGroup { get; init; }

    /// <summary>A program that names the socket's number takes it by that; all others learn of it in systemd's way, too.</summary>
    public static SocketPlan PlanSocket(ServiceDefinition definition) =>
        SocketPlans.Of(definition, SocketPlaceholders.NamesDescriptor(definition.Command) ? SocketMode.Pass : SocketMode.Own);

    public ILaunch Prepare(LaunchRequest request, TimeProvider time)
    {
        var definition = request.Definition;
        SocketPlans.RequireShareable(request, definition.Instances);
        SocketPlans.RequireOwnProof(request);
        var (fileName, arguments) = (FileName, SocketPlaceholders.Replace(definition, Arguments, request.HasSocket));
        var environment = new Dictionary<string, string>(
            Environment)
        { [InstanceVariable] = request.Instance.ToString(CultureInfo.InvariantCulture) };
        if (request.HasSocket)
        {
            (fileName, arguments) = SocketActivation.Wrap(fileName, arguments);
            SocketActivation.Announce(environment, request.Sockets);
        }

        var probe = ReadinessGate.ProbeOf(
            request, definition.Listen is { } listen ? SocketPlans.ServedOn(listen, definition) : null);
        var rule = probe is null ? definition.Ready.WithUsualDelay() : definition.Ready;
        var gate = ReadinessGate.Open(request, rule, probe, time);
        return new ProgramLaunch(request, gate)
        {
            FileName = fileName,
            Arguments = arguments,
            Environment = new Dictionary<string, string>([.. environment, .. gate.Environment]),
            StopsGroup = StopsGroup,
            MayFinish = probe is null && rule is { LogPattern: null, Notify: false } && definition.Restart.When is not RestartWhen.Always,
            Explanation = lines => ProgramWords.Explain(definition, lines),
        };
    }

    public static ILaunch Recognise(LaunchRequest request, TimeProvider time, bool stopsGroup = false) =>
        new ProgramLaunch(request, ReadinessGate.Recognise(request.Definition, probe: null, time)) { StopsGroup = stopsGroup };
}
