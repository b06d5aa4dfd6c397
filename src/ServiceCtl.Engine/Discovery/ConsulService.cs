using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Discovery;

/// <summary>A service as it is registered. https://developer.hashicorp.com/consul/api-docs/agent/service#register-service</summary>
public sealed record ConsulService
{
    public required string Name { get; init; }

    [JsonPropertyName("ID")]
    public required string Id { get; init; }

    public required string Address { get; init; }

    public required int Port { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public ConsulCheck? Check { get; init; }

    /// <summary>Is this what Consul has?</summary>
    public bool IsLike(ConsulAgentService known) =>
        known.Service == Name && known.Address == Address && known.Port == Port && (known.Tags ?? []).SequenceEqual(Tags);
}
