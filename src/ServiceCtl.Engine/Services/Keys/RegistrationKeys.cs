using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What a service is called, where it listens and how Consul knows it: keys of the predecessor's.</summary>
public static class RegistrationKeys
{
    internal static KeyList All { get; } = new();

    public static SchemaKey<string> ServiceName { get; } = All.Add(new SchemaKey<string>(
        "SERVICE_NAME", ConfigTypes.Text,
        "The service's name, here and in Consul.")
    {
        DefaultNote = "the name of the service's folder",
        Example = "my_service",
    });

    public static SchemaKey<string> ServiceId { get; } = All.Add(new SchemaKey<string>(
        "SERVICE_ID", ConfigTypes.Text,
        "The id of this instance in Consul.")
    {
        DefaultNote = "`SERVICE_NAME`",
        Example = "my_service-1",
    });

    public static SchemaKey<IReadOnlyList<string>> Tags { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "TAGS", ConfigTypes.ListOf(ConfigTypes.Text),
        "Tags in Consul.")
    {
        Default = "[]",
        Example = "[production, v2]",
    });

    public static SchemaKey<string> ServerAddress { get; } = All.Add(new SchemaKey<string>(
        "SERVER_ADDRESS", ConfigTypes.Text,
        "The address under which others reach the service; registered in Consul.")
    {
        Example = "10.0.0.12",
    });

    public static SchemaKey<int> ServerPort { get; } = All.Add(new SchemaKey<int>(
        "SERVER_PORT", ConfigTypes.Integer(1, 65535),
        "The port under which others reach the service; registered in Consul.")
    {
        DefaultNote = "`local_port`",
        Example = "8001",
    });

    public static SchemaKey<string> LocalIp { get; } = All.Add(new SchemaKey<string>(
        "local_ip", ConfigTypes.Text,
        "The address the service listens on.")
    {
        Default = "127.0.0.1",
    });

    public static SchemaKey<int> LocalPort { get; } = All.Add(new SchemaKey<int>(
        "local_port", ConfigTypes.Integer(1, 65535),
        "The port the service listens on.")
    {
        DefaultNote = "`SERVER_PORT`",
        Example = "8001",
    });

    public static SchemaKey<string> ConsulAddress { get; } = All.Add(new SchemaKey<string>(
        "CONSUL_ADDRESS", ConfigTypes.Text,
        "Host of the Consul agent.")
    {
        Default = "127.0.0.1",
    });

    public static SchemaKey<int> ConsulPort { get; } = All.Add(new SchemaKey<int>(
        "CONSUL_PORT", ConfigTypes.Integer(1, 65535),
        "Port of the Consul agent.")
    {
        Default = "8500",
    });

    public static SchemaKey<bool> ConsulRegistration { get; } = All.Add(new SchemaKey<bool>(
        "CONSUL_REG", ConfigTypes.Boolean,
        "Whether the service registers itself in Consul; `-c` overrides it for one call.")
    {
        Default = "false",
    });
}
