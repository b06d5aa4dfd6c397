using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Discovery;

/// <summary>An instance of a service in Consul's catalog. https://developer.hashicorp.com/consul/api-docs/catalog#list-nodes-for-service</summary>
public sealed record ConsulCatalogService
{
    [JsonPropertyName("ServiceID")]
    public required string ServiceId { get; init; }

    public required string ServiceName { get; init; }

    /// <summary>The node's address.</summary>
    public string Address { get; init; } = "";

    /// <summary>The service's own; empty for the node's.</summary>
    public string ServiceAddress { get; init; } = "";

    public int ServicePort { get; init; }

    /// <summary>Where it is reached, as <c>host:port</c>.</summary>
    [JsonIgnore]
    public string HostAndPort => $"{(ServiceAddress.Length > 0 ? ServiceAddress : Address)}:{ServicePort}";
}
