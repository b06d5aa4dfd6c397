using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uvicorn;

/// <summary>FastAPI and other ASGI services under uvicorn, which takes one socket.</summary>
public sealed class UvicornRunner : IRunner
{
    private const string Package = "uvicorn";

    /// <summary>Printed when it accepts connections, in every version, at the usual log level.</summary>
    private const string ReadyLine = "Uvicorn running on ";

    private static readonly Version FirstWithGracefulTimeout = new(0, 22);

    private readonly PythonInterpreter _python;
    private readonly TimeProvider _time;

    public UvicornRunner(ExitWatcher watcher, TimeProvider time)
    {
        _python = new PythonInterpreter(watcher, time);
        _time = time;
    }

    public string Name => Package;

    public SocketPlan PlanSocket(ServiceDefinition definition) => SocketPlans.Of(definition, SocketMode.Pass);

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        var options = new ServerOptions(definition, Package);
        options.Refuse(definition, "service.listen says where it listens", "--fd", "--host", "--port", "--uds");
        options.Refuse(definition, "Restart-PyService loads new code without losing a request", "--reload");
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        var environment = ServiceEnvironment.OfPython(definition);
        var server = await _python.FindServerAsync(definition, environment, Package, "python3-uvicorn", cancellation);
        var probe = ReadinessGate.ProbeOf(request);
        var gate = ReadinessGate.Open(request, SocketPlans.NeedsOwnProof(request) ? definition.Ready with { LogPattern = ReadyLine } : definition.Ready, probe, _time);
        return new ProgramLaunch(request, gate)
        {
            FileName = server.FileName,
            Arguments = [.. server.Leading, .. Arguments(request, options, server.Version)],
            Environment = new Dictionary<string, string>([.. environment, .. gate.Environment]),
            FinishesRequests = true,
            Explanation = Explain,
            Requests = line => line.StartsWith("INFO:", StringComparison.Ordinal) && line.Contains(" - \"", StringComparison.Ordinal),
        };
    }

    public ILaunch Recognise(LaunchRequest request) => 
        new ProgramLaunch(request, ReadinessGate.Recognise(request.Definition, probe: null, _time)) { FinishesRequests = true };

    internal static IReadOnlyList<string> Arguments(LaunchRequest request, ServerOptions options, Version? version)
    {
        var definition = request.Definition;
        if (definition.App is null && options.Words.Count == 0)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, $"Nothing says what {definition.Name} serves: service.app is missing.",
                $"Write it into {definition.ConfigPath}, as 'app: main:app'.");
        }

        List<string> arguments = [.. options.Words, .. Listening(request)];
        if (definition.Instances > 1 && !options.Has("--workers"))
            arguments.AddRange(["--workers", definition.Instances.ToString(CultureInfo.InvariantCulture)]);
        if (version >= FirstWithGracefulTimeout && !options.Has("--timeout-graceful-shutdown"))
            arguments.AddRange(["--timeout-graceful-shutdown", Math.Max(1, (int)Math.Ceiling(definition.Stop.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture)]);
        if (definition.App is { } app)
            arguments.Add(app);
        return arguments;
    }

    private static string? Explain(IReadOnlyList<string> lines)
    {
        bool Says(string words) => lines.Any(line => line.Contains(words, StringComparison.Ordinal));

        if (Says("Error loading ASGI app"))
            return "service.app must name a module and an application in it, as main:app; the log line says which of them is not there.";
        if (Says("No such option"))
            return "service.command has an option that this uvicorn does not know.";
        return Says("Application startup failed") ? "The application's own startup failed; the traceback says where." : null;
    }

    private static IReadOnlyList<string> Listening(LaunchRequest request) => request switch
    {
        { HasSocket: true } => ["--fd", LaunchRequest.SocketDescriptor.ToString(CultureInfo.InvariantCulture)],
        { Definition.Listen.UnixPath: { } path } => ["--uds", path],
        { Definition.Listen.EndPoint: { } endPoint } => ["--host", endPoint.Address.ToString(), "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture)],
        { Definition: var definition } => throw new ServiceCtlException(
            ErrorCode.ConfigInvalid, definition.Name, $"Nothing says where {definition.Name} listens.", $"Set service.listen in {definition.ConfigPath}."),
    };
}
