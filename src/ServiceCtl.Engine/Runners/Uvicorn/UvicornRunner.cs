using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners.Uvicorn;

/// <summary>
/// FastAPI and other ASGI services under uvicorn, which takes one socket. Several workers are several instances: uvicorn's own parent does
/// not notice when a worker dies (before 0.30), and starts one that can't start again and again.
/// </summary>
public sealed class UvicornRunner : IRunner
{
    private const string Package = "uvicorn";

    private const string Workers = "--workers";

    /// <summary>What uvicorn goes by where no option says how many workers it is to have.</summary>
    private const string WorkersVariable = "WEB_CONCURRENCY";

    /// <summary>What it makes of a Unix socket's file, whatever the umask.</summary>
    private static readonly SocketPermissions Everybody = new((UnixFileMode)0b110_110_110, Owner: null, Group: null);

    private static readonly Version FirstWithGracefulTimeout = new(0, 22);

    private readonly PythonInterpreter _python;
    private readonly TimeProvider _time;

    public UvicornRunner(ExitWatcher watcher, TimeProvider time)
    {
        _python = new PythonInterpreter(watcher, time);
        _time = time;
    }

    public string Name => Package;

    public static SocketPlan PlanSocket(ServiceDefinition definition) => SocketPlans.Of(
        definition, SocketMode.Pass, () => Everybody, IsTls(definition));

    public int CountProcesses(ServiceDefinition definition)
    {
        var asked = new ServerOptions(definition, Package).ValueOf(Workers)
            ?? (definition.Instances > 1 ? null : definition.Environment.GetValueOrDefault(WorkersVariable));
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count : definition.Instances;
    }

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        var options = new ServerOptions(definition, Package);
        options.Refuse(definition, "service.listen says where it listens", "--fd", "--host", "--port", "--uds");
        options.Refuse(definition, "'servicectl restart' loads new code without losing a request", "--reload");
        ServiceEnvironment.RequireVirtualEnvironment(definition);
        SocketPlans.RequireShareable(request, CountProcesses(definition));
        var environment = new Dictionary<string, string>(ServiceEnvironment.Of(definition))
        {
            [ProgramCommand.InstanceVariable] = request.Instance.ToString(CultureInfo.InvariantCulture),
            [WorkersVariable] = "1",
        };
        var server = await _python.FindServerAsync(definition, environment, Package, "python3-uvicorn", cancellation);
        var main = definition.Listen is { } listen ? SocketPlans.ServedOn(listen, definition, IsTls(definition)) : null;
        var gate = ReadinessGate.Open(request, ReadinessGate.ProbeOf(request, main), _time);
        return new ProgramLaunch(request, gate)
        {
            FileName = server.FileName,
            Arguments = [.. server.Leading, .. Arguments(request, options, server.Version)],
            Environment = new Dictionary<string, string>([.. environment, .. gate.Environment]),
            FinishesRequests = true,
            Proof = request.HasSocket ? process => CheckListening(process, request) : null,
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

        List<string> arguments = [.. options.Without(Workers), .. Listening(request)];
        if (version >= FirstWithGracefulTimeout && !options.Has("--timeout-graceful-shutdown"))
            arguments.AddRange(
                ["--timeout-graceful-shutdown",
                    Math.Max(1, (int)Math.Ceiling(definition.Stop.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture)]);
        if (definition.App is { } app)
            arguments.Add(app);
        return arguments;
    }

    /// <summary>By its options, or by the variables that its command line takes them from as well.</summary>
    private static bool IsTls(ServiceDefinition definition) => new ServerOptions(definition, Package).Has("--ssl-certfile", "--ssl-keyfile")
        || definition.Environment.ContainsKey("UVICORN_SSL_CERTFILE") || definition.Environment.ContainsKey("UVICORN_SSL_KEYFILE");

    /// <summary>
    /// uvicorn waits for connections when the application's startup has come to its end, and not before. Asked at the socket that instances
    /// share, and on a Unix socket generations, each would speak for the others.
    /// </summary>
    private static Readiness CheckListening(ProcessIdentity process, LaunchRequest request) =>
        EpollWatch.IsWatched(process.Pid, LaunchRequest.FirstDescriptor) ?? request.Connect is not null
            ? Readiness.Ready
            : Readiness.NotYet("it does not accept connections yet");

    private static string? Explain(IReadOnlyList<string> lines)
    {
        bool Mentions(string words) => lines.Any(line => line.Contains(words, StringComparison.Ordinal));

        if (Mentions("Error loading ASGI app"))
            return "service.app must name a module and an application in it, as main:app; the log line says which of them is not there.";
        if (Mentions("No such option"))
            return "service.command has an option that this uvicorn does not know.";
        return Mentions("Application startup failed") ? "The application's own startup failed; the traceback says where." : null;
    }

    private static IReadOnlyList<string> Listening(LaunchRequest request) => request switch
    {
        { HasSocket: true } => ["--fd", LaunchRequest.FirstDescriptor.ToString(CultureInfo.InvariantCulture)],
        { Definition.Listen.UnixPath: { } path } => ["--uds", path],
        { Definition.Listen.EndPoint: { } endPoint } =>
            ["--host", endPoint.Address.ToString(), "--port", endPoint.Port.ToString(CultureInfo.InvariantCulture)],
        { Definition: var definition } => throw new ServiceCtlException(
            ErrorCode.ConfigInvalid, definition.Name, $"Nothing says where {definition.Name} listens.",
            $"Set service.listen in {definition.ConfigPath}."),
    };
}
