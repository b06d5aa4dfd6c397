using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Runners.Gunicorn;

/// <summary>
/// One launch of gunicorn. It is ready when all its workers have loaded the application, and it answers on a socket that no other
/// generation has. Once it gets sockets passed it binds none itself, so that this one is passed, too.
/// </summary>
internal sealed class GunicornLaunch : ILaunch, ICodeReload
{
    /// <summary>How often the workers are looked at while a reload is awaited, which gunicorn can't announce.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly ServiceDefinition _definition;
    private readonly string _pidFile;
    private readonly GunicornCodeCheck _check;
    private readonly ReadinessGate _gate;
    private readonly GunicornReadiness _workers;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    private GunicornLaunch(LaunchRequest request, GunicornCodeCheck check, ReadinessGate gate, ExitWatcher watcher, TimeProvider time)
    {
        _workers = new GunicornReadiness(request);
        _watcher = watcher;
        _definition = request.Definition;
        _pidFile = request.PidFile;
        _check = check;
        _gate = gate;
        _time = time;
    }

    public string FileName { get; private init; } = "";

    /// <summary>Where this launch alone is asked; null where its own address says enough.</summary>
    private Socket? ProbeListener { get; init; }

    public IReadOnlyList<string> Arguments { get; private init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>();

    public IReadOnlyList<SafeHandle> PassedDescriptors => ProbeListener is null ? [] : [ProbeListener.SafeHandle];

    public IReadOnlyDictionary<string, string> PublishedFiles =>
        _definition.PidFile is { } path ? new Dictionary<string, string> { [path] = _pidFile } : new Dictionary<string, string>();

    /// <summary>TERM lets requests finish, INT cuts them. https://docs.gunicorn.org/en/stable/signals.html</summary>
    public int StopSignal => _definition.Stop.Mode == StopMode.Aggressive ? Signals.Interrupt : Signals.Terminate;

    public bool FinishesRequests => _definition.Stop.Mode != StopMode.Aggressive;

    public ICodeReload Reload => this;

    public static GunicornLaunch Open(
        LaunchRequest request, PythonServer server, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment,
        GunicornCodeCheck check, ExitWatcher watcher, TimeProvider time)
    {
        var gate = ReadinessGate.Open(request, Probe(request), time);
        Socket? probeListener = null;
        try
        {
            var all = new Dictionary<string, string>([.. environment, .. gate.Environment]);
            server = new GunicornReadiness(request).Make(server);
            var (fileName, words) = (server.FileName, (IReadOnlyList<string>)[.. server.Leading, .. arguments]);
            if (request.HasSocket)
            {
                probeListener = Listen(new GunicornOptions(request).ProbeSocket);
                SocketActivation.Announce(all, request.Sockets + 1);
                (fileName, words) = SocketActivation.Wrap(fileName, words);
            }

            return new GunicornLaunch(request, check, gate, watcher, time)
            {
                FileName = fileName,
                Arguments = words,
                Environment = all,
                ProbeListener = probeListener,
            };
        }
        catch
        {
            probeListener?.Dispose();
            gate.Dispose();
            throw;
        }
    }

    public static GunicornLaunch Recognise(LaunchRequest request, GunicornCodeCheck check, ExitWatcher watcher, TimeProvider time) =>
        new(request, check, ReadinessGate.Recognise(request.Definition, Probe(request), time), watcher, time);

    public void Observe(ReadOnlySpan<byte> output) => _gate.Observe(output);

    public async Task<Readiness> CheckReadyAsync(ProcessIdentity process, CancellationToken cancellation) =>
        _workers.Check(ProcFs.ChildrenOf(process.Pid)) is { IsReady: false } missing ? missing : await _gate.CheckAsync(cancellation);

    public bool IsNoise(string line) =>
        line.Contains(" \"GET /", StringComparison.Ordinal) || line.Contains(" \"POST /", StringComparison.Ordinal);

    public string? Explain(IReadOnlyList<string> lastLines)
    {
        bool Mentions(string words) => lastLines.Any(line => line.Contains(words, StringComparison.Ordinal));

        if (Mentions("Failed to find attribute") || Mentions("Failed to parse") || Mentions("Application object must be callable"))
            return "service.app must name a module and a callable in it, as app:app; the log line says what is not there.";
        if (Mentions("unrecognized arguments") || Mentions("Invalid value for") || Mentions("Failed to read config file"))
            return $"service.command of {_definition.ConfigPath}, or the configuration file that it names, has something that this "
                + "gunicorn does not take.";
        if (Mentions("No application module specified"))
            return $"Write service.app into {_definition.ConfigPath}, as 'app: app:app'.";
        return PythonWords.Explain(_definition, lastLines);
    }

    public Task CheckCodeAsync(CancellationToken cancellation) => _check.RunAsync(cancellation);

    public async Task<int> ReloadAsync(ChildProcess process, TimeSpan drain, TimeSpan limit, CancellationToken cancellation)
    {
        // QUIT is a worker's word for an end at once.
        var before = new OutgoingWorkers(WorkersOf(process), Signals.Quit, drain, _watcher, _time);
        process.Signal(Signals.Hangup);

        var begin = _time.GetTimestamp();
        while (!process.Exited.IsCompleted)
        {
            cancellation.ThrowIfCancellationRequested();
            var readiness = await CheckReloadedAsync(process, before, cancellation);
            if (readiness.IsReady)
                break;
            if (_time.GetElapsedTime(begin) > limit)
            {
                throw new ServiceCtlException(
                    ErrorCode.NotReady, _definition.Name,
                    $"{_definition.Name} was asked to reload, but is not ready after {limit.TotalSeconds:0.#} s: {readiness.Words}.",
                    "Look at its log; a full restart starts a new process.");
            }

            await Task.Delay(PollInterval, _time, cancellation);
        }

        return before.CountCut;
    }

    public Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<WorkerStatus>>([]);

    public void Dispose()
    {
        _gate.Dispose();
        ProbeListener?.Dispose();
    }

    /// <summary>TLS, where gunicorn speaks it, is spoken on all its sockets.</summary>
    private static HttpProbe? Probe(LaunchRequest request) =>
        ListenAddress.TryParse(new GunicornOptions(request).ProbeSocket, "/", out var address)
            ? Probes.Create(
                ProbeSite.Of(ServedAddress.MainOf(GunicornRunner.PlanSocket(request.Definition).Addresses)
                    ?? new ServedAddress(address, WireProtocol.Http), request.Definition,
                    cancellation => ServiceConnection.OpenAsync(address, request.Definition.User, cancellation)),
                request.Definition.Ready.HttpPath, request.Definition.Ready.Probe, ReadinessGate.ProbeTimeout)
            : null;

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Not .NET's own end point: a reload after the agent was replaced is asked for here, too.
            socket.Bind(new PersistentUnixEndPoint(path));
            socket.Listen();
            socket.Blocking = false;
            return socket;
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new ServiceCtlException(
                ErrorCode.System, path, $"The probe's socket {path} can't be made: {error.Message}",
                "A socket's path has room for 107 bytes; a shorter service name or SERVICECTL_HOME helps.", error);
        }
    }

    private static IEnumerable<int> WorkersOf(ChildProcess process) =>
        ProcessTable.Read().ChildrenOf(process.Pid).Select(worker => worker.Pid);

    private async Task<Readiness> CheckReloadedAsync(ChildProcess process, OutgoingWorkers before, CancellationToken cancellation)
    {
        if (before.Press() is > 0 and var remaining)
            return Readiness.NotYet($"{remaining} workers are still finishing their requests");
        if (!WorkersOf(process).Any())
            return Readiness.NotYet("no new worker has begun");
        return _workers.Check(WorkersOf(process)) is { IsReady: false } missing ? missing : await _gate.AskAsync(cancellation);
    }
}
