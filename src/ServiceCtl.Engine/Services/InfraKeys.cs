using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services;

/// <summary>What others may ask of a service without knowing it: <c>service.infra</c>, and the JSON log <c>service.json_log</c>.</summary>
public static class InfraKeys
{
    public static SchemaKey<EndpointAddress> Listen { get; } = new(
        "service.infra.listen", ConfigTypes.Address,
        "Where the agent answers `/internal/health` and `/internal/metrics` for the service (TCP); what the service itself has under `/internal/metrics` is included, as `py_…`.")
    {
        Example = "127.0.0.1:9001",
        Effect = ConfigChangeEffect.Restart,
    };

    public static SchemaKey<string> LogFile { get; } = new(
        "service.json_log.file", ConfigTypes.FilePath,
        "Gets the captured output as lines of JSON, secrets masked, beside the agent's own log of it.")
    {
        Example = "/var/log/my_service.json",
    };

    public static SchemaKey<long> LogMaxSize { get; } = new("service.json_log.max_size", ConfigTypes.Size, "At this size the file is rotated.")
    {
        Unit = "bytes",
        Default = "512MiB",
    };

    public static SchemaKey<int> LogKeep { get; } = new("service.json_log.keep", ConfigTypes.Integer(0, 10_000), "Rotated files that are kept.") { Default = "4" };

    public static SchemaKey<bool> LogCompress { get; } = new("service.json_log.compress", ConfigTypes.Boolean, "Whether rotated files become `.gz`.") { Default = "true" };

    public static SchemaKey<int> LogMaxPerSecond { get; } = new(
        "service.json_log.max_per_second", ConfigTypes.Integer(1, 1_000_000), "So many equal lines a second are all written.")
    {
        DefaultNote = "all",
        Example = "1000",
    };

    public static SchemaKey<int> LogPassEvery { get; } = new(
        "service.json_log.pass_every", ConfigTypes.Integer(1, 1_000_000), "Of the equal lines beyond `max_per_second`, each so many-th is written; it says how many were not.")
    { Default = "100" };

    public static IReadOnlyList<SchemaKey> All { get; } = [Listen, LogFile, LogMaxSize, LogKeep, LogCompress, LogMaxPerSecond, LogPassEvery];

    public static IReadOnlyList<SchemaSection> Sections { get; } =
    [
        new("service.infra", "Health and figures for the infrastructure.", IsClosed: true),
        new("service.json_log", "Its output as lines of JSON.", IsClosed: true),
    ];
}
