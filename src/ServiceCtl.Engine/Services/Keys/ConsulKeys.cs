using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>
/// Registration in Consul, as far as the predecessor's keys (<see cref="RegistrationKeys"/>) don't say it: <c>service.consul</c>.
/// </summary>
public static class ConsulKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.consul", "What the predecessor's keys don't say about its registration in Consul.", IsClosed: true));

    public static SchemaKey<TimeSpan> Ttl { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.consul.ttl", ConfigTypes.Duration,
        "With it, the agent tells Consul within this time that the service runs; without it, Consul asks `/ping` every 10 s.")
    {
        Unit = "seconds",
        Example = "30s",
    });

    public static SchemaKey<TimeSpan> DeregisterAfter { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.consul.deregister_after", ConfigTypes.Duration,
        "Critical for so long, and Consul forgets the service; Consul takes no less than a minute.")
    {
        Unit = "seconds",
        Example = "10m",
    });

    public static SchemaKey<string> TokenFile { get; } = All.Add(new SchemaKey<string>(
        "service.consul.token_file", ConfigTypes.FilePath,
        "The file that holds the ACL token.")
    {
        DefaultNote = "the variable `CONSUL_HTTP_TOKEN` of the agent",
        Example = "/etc/servicectl/consul.token",
    });
}
