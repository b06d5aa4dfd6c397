using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>A service's output as lines of JSON: <c>service.json_log</c>.</summary>
public static class JsonLogKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.json_log", "Its output as lines of JSON.", IsClosed: true));

    public static SchemaKey<string> File { get; } = All.Add(new SchemaKey<string>(
        "service.json_log.file", ConfigTypes.FilePath,
        "Gets the captured output as lines of JSON, secrets masked, beside the agent's own log of it.")
    {
        Example = "/var/log/my_service.json",
    });

    public static SchemaKey<long> MaxSize { get; } = All.Add(
        new SchemaKey<long>("service.json_log.max_size", ConfigTypes.Size, "At this size the file is rotated.")
        {
            Unit = "bytes",
            Default = "512MiB",
        });

    public static SchemaKey<int> Keep { get; } = All.Add(
        new SchemaKey<int>("service.json_log.keep", ConfigTypes.Integer(0, 10_000), "Rotated files that are kept.") { Default = "4" });

    public static SchemaKey<bool> Compress { get; } = All.Add(
        new SchemaKey<bool>("service.json_log.compress", ConfigTypes.Boolean, "Whether rotated files become `.gz`.") { Default = "true" });

    public static SchemaKey<int> MaxPerSecond { get; } = All.Add(new SchemaKey<int>(
        "service.json_log.max_per_second", ConfigTypes.Integer(1, 1_000_000), "So many equal lines a second are all written.")
    {
        DefaultNote = "all",
        Example = "1000",
    });

    public static SchemaKey<int> PassEvery { get; } = All.Add(new SchemaKey<int>(
        "service.json_log.pass_every", ConfigTypes.Integer(1, 1_000_000),
        "Of the equal lines beyond `max_per_second`, each so many-th is written; it says how many were not.")
    {
        Default = "100",
    });
}
