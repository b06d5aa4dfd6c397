using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Containers;

/// <summary>The container that a launch wants. The keeper finds it in its environment, where only its user can read it.</summary>
public sealed record ContainerSpec
{
    /// <summary>Of the keeper's environment.</summary>
    public const string Variable = "SERVICECTL_CONTAINER";

    public required string Service { get; init; }

    /// <summary>Stands for the agent's folder: <see cref="Processes.Scopes.ScopeMarker.HomeOf"/>.</summary>
    public required string Home { get; init; }

    /// <summary>Name of the engine, or path of its socket; null for the first that is there.</summary>
    public string? Engine { get; init; }

    public required string Image { get; init; }

    /// <summary>The folder that the image is built from; null for one that is pulled.</summary>
    public string? Build { get; init; }

    /// <summary>Is the image pulled even if it is there?</summary>
    public bool PullsAlways { get; init; }

    /// <summary>Is it never pulled?</summary>
    public bool PullsNever { get; init; }

    /// <summary>Instead of the image's; null for that.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Instead of the image's own; empty for that.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How many listening sockets the keeper was passed, and passes on; 0 for none.</summary>
    public int Sockets { get; init; }

    /// <summary>What the engine publishes.</summary>
    public IReadOnlyList<PublishedPort> Published { get; init; } = [];

    public required string Network { get; init; }

    /// <summary>Names that resolve inside to this host, where its network is used.</summary>
    public IReadOnlyList<string> LocalNames { get; init; } = [];

    /// <summary>Null for the image's, or nobody where that is root.</summary>
    public string? User { get; init; }

    public bool ReadOnly { get; init; }

    public bool NoNewPrivileges { get; init; }

    /// <summary>Those that it keeps, in lower case; null for the engine's usual ones.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    public IReadOnlyList<string> Volumes { get; init; } = [];

    public long? MemoryBytes { get; init; }

    /// <summary>Of one core.</summary>
    public double? CpuPercent { get; init; }

    public int? OpenFiles { get; init; }

    public int? Processes { get; init; }

    /// <summary>By name, as <c>SIGTERM</c>.</summary>
    public required string StopSignal { get; init; }

    public TimeSpan StopTimeout { get; init; }

    /// <summary>Of the launch, for files that the keeper passes into the container.</summary>
    public required string RunFolder { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ContainerJson.Default.ContainerSpec);

    /// <returns>Null for anything else.</returns>
    public static ContainerSpec? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, ContainerJson.Default.ContainerSpec);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Address">Of this host.</param>
/// <param name="Port">Of this host.</param>
/// <param name="Inside">Where the image's own server listens.</param>
public sealed record PublishedPort(string Address, int Port, int Inside);

[JsonSerializable(typeof(ContainerSpec))]
internal sealed partial class ContainerJson : JsonSerializerContext;
