using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The keys of <c>service.remote</c>: a configuration that others push to the service.</summary>
public static class RemoteKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.remote",
            "A configuration that others push to the service: Set-PyServiceConfig, `servicectl config push`, a file, Consul, the "
                + "agent's API.", IsClosed: true));

    public static SchemaKey<string> File { get; } = All.Add(new SchemaKey<string>(
        "service.remote.file", ConfigTypes.FilePath,
        "The pushed configuration is written to this file as JSON, with mode 0600; the service gets its path as `CONFIG_FILE`. As long as "
            + "it is not there, the service is Idle: it starts with its first configuration.")
    {
        Example = "config.json",
    });

    public static SchemaKey<ConfigValue> Override { get; } = All.Add(new SchemaKey<ConfigValue>(
        "service.remote.override", ConfigTypes.Anything,
        "Merged over every configuration that is pushed: a mapping, or JSON text.")
    {
        Example = "'{\"log_level\": \"debug\"}'",
        IsSecret = true,
    });

    public static SchemaKey<string> Schema { get; } = All.Add(new SchemaKey<string>(
        "service.remote.schema", ConfigTypes.FilePath,
        "Describes the keys of that configuration, in the short form or as JSON Schema; what does not fit it is refused.")
    {
        Example = "remote.schema.yaml",
    });

    public static SchemaKey<string> Watch { get; } = All.Add(new SchemaKey<string>(
        "service.remote.watch", ConfigTypes.FilePath,
        "A file (JSON, YAML, TOML, INI) whose content is pushed now and whenever it changes.")
    {
        Example = "remote.json",
    });

    public static SchemaKey<string> ConsulKey { get; } = All.Add(new SchemaKey<string>(
        "service.remote.consul_key", ConfigTypes.Text,
        "A key of Consul's KV store whose value (JSON) is pushed now and whenever it changes; Consul is at `CONSUL_ADDRESS`:`CONSUL_PORT`.")
    {
        Example = "config/my_service",
    });
}
