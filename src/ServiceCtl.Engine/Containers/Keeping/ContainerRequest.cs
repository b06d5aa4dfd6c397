using System.Globalization;
using Docker.DotNet.Models;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>What the engine is asked to create: hardened unless the configuration says otherwise.</summary>
internal static class ContainerRequest
{
    private const string Nobody = "65534:65534";

    /// <summary>Of a user, over all containers; those of one container are limited by its cgroup. podman allows itself no more than this.</summary>
    private const ulong MostProcesses = 1 << 15;

    private const long ProcessorsUnit = 1_000_000_000;

    /// <summary>What the engine keeps of its output: enough to see why the program never began.</summary>
    private static readonly Dictionary<string, string> LogOptions = new() { ["max-size"] = "10m" };

    /// <param name="spec">What is wanted.</param>
    /// <param name="image">What its image says.</param>
    /// <param name="marker">The launch's.</param>
    /// <param name="keeper">This process.</param>
    /// <param name="handover">Passes sockets; null where none are.</param>
    public static CreateContainerParameters Of(
        ContainerSpec spec, DockerOCIImageConfig? image, ScopeMarker marker, ProcessIdentity keeper, SocketHandover? handover)
    {
        IReadOnlyList<string> entrypoint = spec.Entrypoint ?? [.. image?.Entrypoint ?? []];
        IReadOnlyList<string> command =
            spec.Command.Count > 0 || spec.Entrypoint is not null ? spec.Command : [.. image?.Cmd ?? []];
        if (handover is not null)
            (entrypoint, command) = (handover.Wrap([.. entrypoint, .. command]), []);
        return new CreateContainerParameters
        {
            Name = NameOf(marker),
            Image = spec.Image,
            User = spec.User ?? UserOf(image),
            Entrypoint = [.. entrypoint],
            Cmd = [.. command],
            Env = [.. EnvironmentOf(spec, marker).Select(variable => $"{variable.Key}={variable.Value}")],
            Labels = LabelsOf(marker, keeper),
            StopSignal = spec.StopSignal,
            StopTimeout = spec.StopTimeout,
            ExposedPorts = spec.Published is { } port ? new Dictionary<string, EmptyStruct> { [PortOf(port)] = default } : [],
            HostConfig = HostOf(spec, handover),
            NetworkingConfig = IsNamed(spec.Network) ? new NetworkingConfig
            {
                EndpointsConfig = new Dictionary<string, EndpointSettings>
                {
                    [spec.Network] = new() { Aliases = [spec.Service] },
                },
            } : new NetworkingConfig(),
        };
    }

    /// <summary>Several agents, generations and instances may use one engine.</summary>
    public static string NameOf(ScopeMarker marker) => $"{marker.Service}.{marker.Numbers}.{marker.Home[..8]}";

    /// <summary>Is it a network of the engine's own, where names resolve?</summary>
    public static bool IsNamed(string network) => network is not ("host" or "none" or "bridge")
        && !network.StartsWith("container:", StringComparison.Ordinal);

    private static HostConfig HostOf(ContainerSpec spec, SocketHandover? handover) => new()
    {
        Binds = [.. spec.Volumes, .. handover is null ? Array.Empty<string>() : [handover.Mount]],
        NetworkMode = spec.Network,
        ExtraHosts = [.. spec.LocalNames.Select(name => $"{name}:127.0.0.1")],
        PortBindings = spec.Published is { } port && spec.Network is not ("host" or "none")
            ? new Dictionary<string, IList<PortBinding>>
            {
                [PortOf(port)] = [new() { HostIP = port.Address, HostPort = port.Port.ToString(CultureInfo.InvariantCulture) }],
            } : [],
        ReadonlyRootfs = spec.ReadOnly,
        Tmpfs = spec.ReadOnly ? new Dictionary<string, string> { ["/tmp"] = "rw,nosuid,nodev,mode=1777" } : [],
        SecurityOpt = spec.NoNewPrivileges ? ["no-new-privileges"] : [],
        CapDrop = spec.Capabilities is null ? [] : ["ALL"],
        CapAdd = spec.Capabilities is null ? [] : [.. spec.Capabilities.Select(name => name.ToUpperInvariant())],
        Memory = spec.MemoryBytes ?? 0,
        MemorySwap = spec.MemoryBytes ?? 0,
        NanoCPUs = (long)((spec.CpuPercent ?? 0) / 100 * ProcessorsUnit),
        PidsLimit = spec.Processes,
        Ulimits = [.. LimitsOf(spec)],
        LogConfig = new() { Type = "json-file", Config = LogOptions },
    };

    /// <summary>Always named: podman's own may be more than the kernel allows, and it starts nothing then.</summary>
    private static IEnumerable<Ulimit> LimitsOf(ContainerSpec spec)
    {
        var files = AtMost(ResourceLimit.OpenFiles, (ulong?)spec.OpenFiles ?? InheritedSession.UsualFiles);
        var processes = AtMost(ResourceLimit.Processes, MostProcesses);
        yield return new() { Name = "nofile", Soft = files, Hard = files };
        yield return new() { Name = "nproc", Soft = processes, Hard = processes };
    }

    /// <summary>A user's own engine can't go beyond what that user may.</summary>
    private static long AtMost(ResourceLimit limit, ulong wanted) =>
        (long)Math.Min(wanted, Rlimits.Read(Environment.ProcessId, limit).Hard ?? wanted);

    private static string PortOf(PublishedPort port) => string.Create(CultureInfo.InvariantCulture, $"{port.Inside}/tcp");

    private static string UserOf(DockerOCIImageConfig? image) =>
        image?.User is { Length: > 0 } user && user.Split(':')[0] is not ("root" or "0") ? user : Nobody;

    private static Dictionary<string, string> EnvironmentOf(ContainerSpec spec, ScopeMarker marker)
    {
        Dictionary<string, string> environment = new(spec.Environment)
        {
            [ScopeMarker.ServiceVariable] = spec.Service,
            [ScopeMarker.GenerationVariable] = marker.ToString(),
        };
        environment.TryAdd("PYTHONUNBUFFERED", "1");
        return environment;
    }

    private static Dictionary<string, string> LabelsOf(ScopeMarker marker, ProcessIdentity keeper) => new()
    {
        [ContainerLabels.Service] = marker.Service,
        [ContainerLabels.Home] = marker.Home,
        [ContainerLabels.Generation] = marker.Generation.ToString(CultureInfo.InvariantCulture),
        [ContainerLabels.Instance] = marker.Instance.ToString(CultureInfo.InvariantCulture),
        [ContainerLabels.Keeper] = string.Create(CultureInfo.InvariantCulture, $"{keeper.Pid}:{keeper.StartTicks}"),
    };
}
