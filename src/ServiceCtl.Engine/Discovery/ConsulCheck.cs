using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Discovery;

/// <summary>How Consul learns whether a service is well. https://developer.hashicorp.com/consul/api-docs/agent/check</summary>
public sealed record ConsulCheck
{
    /// <summary>Asked by Consul every <see cref="Interval"/>.</summary>
    [JsonPropertyName("HTTP")]
    public string? Http { get; init; }

    /// <summary>The name that the certificate has to be for; null for the host of <see cref="Http"/>.</summary>
    [JsonPropertyName("TLSServerName")]
    public string? TlsServerName { get; init; }

    /// <summary>Any certificate will do.</summary>
    [JsonPropertyName("TLSSkipVerify")]
    public bool? TlsSkipVerify { get; init; }

    public string? Interval { get; init; }

    public string? Timeout { get; init; }

    /// <summary>Consul is notified within this time instead.</summary>
    [JsonPropertyName("TTL")]
    public string? Ttl { get; init; }

    public string? DeregisterCriticalServiceAfter { get; init; }

    /// <summary>What it counts as until the first answer.</summary>
    public string? Status { get; init; }
}
