using System.Globalization;
using Docker.DotNet.Models;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Engine.Containers.Keeping;

/// <summary>What the engine is asked to create: hardened unless the configuration says otherwise.</summary>
internal static class ContainerRequest
{
    private const string Nobody = "65534:65534";

    private const long ProcessorsUnit = 1_000_000_000;

    /// <summary>What the engine keeps of its output: enough to see why the program never began.</summary>
    private static readonly Dictionary<string, string> LogOptions = new() { ["max-size"] = "10m" };

    /// <param name="spec">What is wanted.</param>
    /// <param name="image">What its image says.</param>
    /// <param name="marker">The launch's.</param>
    /// <param name="keeper">This process.</param>
    /// <param name="handover">Passes sockets; null where none are.</param>
    /// <param name="engine">Who is asked.</param>
    public static CreateContainerParameters Of(
        ContainerSpec spec, DockerOCIImageConfig? image, ScopeMarker marker, ProcessIdentity keeper, SocketHandover? handover,
        ContainerEngine engine)
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
            ExposedPorts = spec.Published.Select(PortOf).Distinct().ToDictionary(port => port, _ => default(EmptyStruct)),
            HostConfig = HostOf(spec, handover, engine),
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

    private static HostConfig HostOf(ContainerSpec spec, SocketHandover? handover, ContainerEngine engine) => new()
    {
        Binds = [.. spec.Volumes, .. handover is null ? Array.Empty<string>() : [handover.Mount]],
        NetworkMode = spec.Network,
        ExtraHosts = [.. spec.LocalNames.Select(name => $"{name}:127.0.0.1")],
        PortBindings = spec.Network == "host" ? [] : spec.Published.GroupBy(PortOf).ToDictionary(
            same => same.Key,
            IList<PortBinding> (same) =>
            [
                .. same.Select(port => new PortBinding
                {
                    HostIP = port.Address,
                    HostPort = port.Port.ToString(CultureInfo.InvariantCulture),
                }),
            ]),
        ReadonlyRootfs = spec.ReadOnly,
        Tmpfs = spec.ReadOnly ? new Dictionary<string, string> { ["/tmp"] = "rw,nosuid,nodev,mode=1777" } : [],
        SecurityOpt = spec.NoNewPrivileges ? ["no-new-privileges"] : [],
        CapDrop = spec.Capabilities is null ? [] : ["ALL"],
        CapAdd = spec.Capabilities is null ? [] : [.. spec.Capabilities.Select(name => name.ToUpperInvariant())],
        Memory = spec.MemoryBytes ?? 0,
        MemorySwap = spec.MemoryBytes ?? 0,
        NanoCPUs = (long)((spec.CpuPercent ?? 0) / 100 * ProcessorsUnit),
        PidsLimit = spec.Processes,
        Ulimits = [.. LimitsOf(spec, engine)],
        LogConfig = new() { Type = "json-file", Config = LogOptions },
    };

    /// <summary>podman's own may be more than the kernel allows it, and then it starts nothing: those of its process are named.</summary>
    private static IEnumerable<Ulimit> LimitsOf(ContainerSpec spec, ContainerEngine engine)
    {
        var process = engine.Name == "podman" ? engine.FindProcess() ?? Environment.ProcessId : (int?)null;
        if (process is { } && HardOf(process.Value, ResourceLimit.Processes) is { } processes)
            yield return new() { Name = "nproc", Soft = processes, Hard = processes };
        if ((spec.OpenFiles ?? (process is { } ? HardOf(process.Value, ResourceLimit.OpenFiles) : null)) is { } files)
            yield return new() { Name = "nofile", Soft = files, Hard = files };
    }

    private static long? HardOf(int process, ResourceLimit limit)
    {
        try
        {
            return (long?)Rlimits.Read(process, limit).Hard;
        }
        catch (ServiceCtlException)
        {
            // Of another user: its limits are for it to know.
            return null;
        }
    }

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
