using System.Text.Json.Serialization;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>How a service is registered in Consul.</summary>
public sealed record ConsulRule
{
    /// <summary>Does it register itself, where nobody says otherwise?</summary>
    public bool IsEnabled { get; init; } = RegistrationKeys.ConsulRegistration.Usual;

    /// <summary>Has the configuration a word about Consul? Without one nobody asks Consul for a status.</summary>
    public bool IsMentioned { get; init; }

    /// <summary>Host of the Consul agent.</summary>
    public string Host { get; init; } = RegistrationKeys.ConsulAddress.Usual;

    public int Port { get; init; } = RegistrationKeys.ConsulPort.Usual;

    /// <summary>The name others look it up by.</summary>
    public string Name { get; init; } = "";

    /// <summary>The id of this instance.</summary>
    public string Id { get; init; } = "";

    /// <summary>The address others reach it under; null for what it listens on.</summary>
    public string? ServiceAddress { get; init; }

    /// <summary>The port others reach it under; null for the one it listens on.</summary>
    public int? ServicePort { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where given, the agent says within this time that the service is well, and Consul does not ask it over HTTP.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Critical for so long, and Consul forgets it.</summary>
    public TimeSpan? DeregisterAfter { get; init; }

    /// <summary>The file that holds the ACL token; null for the variable CONSUL_HTTP_TOKEN of the agent.</summary>
    public string? TokenFile { get; init; }

    /// <summary>
    /// With whose rights that file is read: who writes a configuration also says where the token is sent. Null: this process's own.
    /// </summary>
    [JsonIgnore]
    public FileActor? Reader { get; init; }
}
