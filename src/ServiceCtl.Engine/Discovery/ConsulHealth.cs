namespace ServiceCtl.Engine.Discovery;

/// <summary>
/// An instance of a service whose checks pass. https://developer.hashicorp.com/consul/api-docs/health#list-service-instances-for-service
/// </summary>
public sealed record ConsulHealth
{
    public required ConsulNode Node { get; init; }

    public required ConsulAgentService Service { get; init; }

    /// <summary>Where it is reached, as <c>host:port</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string HostAndPort => $"{(Service.Address.Length > 0 ? Service.Address : Node.Address)}:{Service.Port}";
}
