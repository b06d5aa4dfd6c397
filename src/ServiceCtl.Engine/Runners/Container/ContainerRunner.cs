using System.Globalization;
using System.Net;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Containers;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Runners.Container;

/// <summary>
/// A container of Docker's or podman's. What is launched is its keeper, <c>servicectl agent container</c>, which stands for it: the
/// supervisor needs to know nothing of engines.
/// </summary>
public sealed class ContainerRunner : IRunner
{
    /// <summary>How long building or pulling an image may take.</summary>
    private static readonly TimeSpan PreparationLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(20);

    /// <summary>What the keeper and the engine's command go by.</summary>
    private static readonly string[] Inherited =
        ["HOME", "USER", "LOGNAME", "PATH", "LANG", "DOTNET_ROOT", "DOCKER_HOST", "DOCKER_CONFIG", "XDG_RUNTIME_DIR"];

    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;

    public ContainerRunner(ExitWatcher watcher, TimeProvider time)
    {
        _watcher = watcher;
        _time = time;
    }

    public string Name => "container";

    /// <summary>The image's own server binds its port itself; everything else is passed the agent's socket.</summary>
    public static SocketPlan PlanSocket(ServiceDefinition definition) => definition.Container?.Port is null
        ? SocketPlans.Of(definition, SocketMode.Pass)
        : SocketPlans.Of(definition, SocketMode.Own) with
        {
            WhyOwn = "the image's own server listens on service.container.port, which the engine publishes",
        };

    public int CountProcesses(ServiceDefinition definition) => definition.Instances;

    public async Task<ILaunch> PrepareAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var definition = request.Definition;
        var rule = definition.Container!;
        SocketPlans.RequireShareable(request, definition.Instances);
        SocketPlans.RequireOwnProof(request);
        if (definition.Ready.Notify)
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, definition.Name, "A container can't say READY=1: its processes don't see the agent's socket.",
                $"Use service.ready.http, log or delay in {definition.ConfigPath}.");
        var environment = KeeperEnvironment(SpecOf(request, rule));
        await PrepareImageAsync(definition, environment, cancellation);

        var probe = ReadinessGate.ProbeOf(
            request, definition.Listen is { } listen ? SocketPlans.ServedOn(listen, definition) : null);
        var gate = ReadinessGate.Open(request, probe is null ? definition.Ready.WithUsualDelay() : definition.Ready, probe, _time);
        return new ProgramLaunch(request, gate)
        {
            FileName = Environment.ProcessPath!,
            Arguments = ["agent", "container"],
            Environment = environment,
            Error = lines => ContainerFailure.Read(lines)?.Report(definition.Name, lines),
            CleanUp = () => CleanUpAsync(definition, environment),
        };
    }

    public ILaunch Recognise(LaunchRequest request)
    {
        var definition = request.Definition;
        return new ProgramLaunch(request, ReadinessGate.Recognise(definition, probe: null, _time))
        {
            CleanUp = () => CleanUpAsync(definition, KeeperEnvironment(BareSpecOf(request, definition.Container!))),
        };
    }

    internal static ContainerSpec SpecOf(LaunchRequest request, ContainerRule rule)
    {
        var definition = request.Definition;
        var sandbox = definition.Sandbox ?? ScopeSandbox.None;
        var capabilities = sandbox.Capabilities ?? [];
        return BareSpecOf(request, rule) with
        {
            Build = rule.Build,
            PullsAlways = rule.Pull == PullPolicy.Always,
            PullsNever = rule.Pull == PullPolicy.Never,
            Entrypoint = rule.Entrypoint,
            Command = SocketPlaceholders.Replace(definition, definition.Command, request.HasSocket),
            Environment = new Dictionary<string, string>(definition.Environment)
            {
                [ProgramCommand.InstanceVariable] = request.Instance.ToString(CultureInfo.InvariantCulture),
            },
            Sockets = request.Sockets,
            Published = rule.Port is not { } port ? [] :
            [
                .. definition.Listens.Select(listen => listen.EndPoint).OfType<IPEndPoint>()
                    .Select(address => new PublishedPort(address.Address.ToString(), address.Port, port)),
            ],
            LocalNames = rule.Network == "host" ? definition.Requires : [],
            User = rule.User ?? UserOf(definition),
            ReadOnly = rule.ReadOnly,
            NoNewPrivileges = sandbox.NoNewPrivileges ?? true,
            Capabilities = capabilities.Contains(ScopeSandbox.All) ? null : capabilities,
            Volumes = rule.Volumes,
            MemoryBytes = definition.Limits.MemoryBytes,
            CpuPercent = definition.Limits.CpuPercent,
            OpenFiles = definition.Limits.OpenFiles,
            Processes = definition.Limits.Processes,
            StopTimeout = definition.Stop.Timeout,
        };
    }

    /// <summary>As much as it takes to find its containers again.</summary>
    private static ContainerSpec BareSpecOf(LaunchRequest request, ContainerRule rule) => new()
    {
        Service = request.Definition.Name,
        Home = ScopeMarker.HomeOf(request.Home),
        Engine = rule.Engine,
        Image = rule.Image,
        Network = rule.Network,
        StopSignal = Signals.NameOf(request.Definition.Stop.Signal),
        RunFolder = request.RunFolder,
    };

    private static string? UserOf(ServiceDefinition definition) => definition.User is { } name && LoginUser.Find(name) is { } user
        ? string.Create(CultureInfo.InvariantCulture, $"{user.UserId}:{user.GroupId}") : null;

    private static Dictionary<string, string> KeeperEnvironment(ContainerSpec spec)
    {
        Dictionary<string, string> environment = new() { [ContainerSpec.Variable] = spec.ToJson() };
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }

        return environment;
    }

    private async Task PrepareImageAsync(
        ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, CancellationToken cancellation)
    {
        ProgramRun run;
        try
        {
            run = await ProgramRun.RunAsync(Program(definition, environment, "--prepare"), PreparationLimit, _watcher, _time, cancellation);
        }
        catch (TimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.NotReady, definition.Name,
                $"The image of {definition.Name} was not there after {PreparationLimit.TotalMinutes:0} minutes.",
                "Build or pull it by hand, and start the service then.", error);
        }

        if (run.Exit.Code == 0)
            return;
        var lines = run.Lines.Where(line => line.Length > 0).ToArray();
        if (ContainerFailure.Read(lines) is not { } failure)
            throw new ServiceCtlException(new ErrorReport
            {
                Code = ErrorCode.System,
                Target = definition.Name,
                Message = $"The container of {definition.Name} can't be prepared ({run.Exit}).",
                Advice = "The log lines say why.",
                LogLines = lines,
            });
        throw new ServiceCtlException(failure.Report(definition.Name, lines));
    }

    private async Task CleanUpAsync(ServiceDefinition definition, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            await ProgramRun.RunAsync(
                Program(definition, environment, "--clean-up"), CleanUpLimit, _watcher, _time, CancellationToken.None);
        }
        catch (Exception error) when (error is TimeoutException or ServiceCtlException)
        {
            // The engine is down. The next launch does it again.
        }
    }

    private static ProcessSpec Program(
        ServiceDefinition definition, IReadOnlyDictionary<string, string> environment, string option) =>
        Launcher.AsUser(
            new ProcessSpec
            {
                FileName = Environment.ProcessPath!,
                Arguments = ["agent", "container", option],
                Environment = environment,
                WorkingDirectory = "/",
            },
            definition.Name, definition.User);
}
