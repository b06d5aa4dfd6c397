using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Discovery;

/// <summary>A service that a Consul agent knows. https://developer.hashicorp.com/consul/api-docs/agent/service#list-services</summary>
public sealed record ConsulAgentService
{
    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Service { get; init; }

    public string Address { get; init; } = "";

    public int Port { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}
