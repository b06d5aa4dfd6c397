using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What clients are answered while a service is down: <c>service.respond</c>.</summary>
public static class RespondKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.respond", "What clients are answered while it is down.", IsClosed: true));

    public static SchemaKey<bool> Enabled { get; } = All.Add(new SchemaKey<bool>(
        "service.respond.enabled", ConfigTypes.Boolean,
        "Whether the agent answers on the service's socket while the service is down or starting, so that clients are never refused.")
    {
        DefaultNote = "`true` where there is a `respond:` section",
        Example = "true",
    });

    public static SchemaKey<int> Status { get; } = All.Add(new SchemaKey<int>(
        "service.respond.status", ConfigTypes.Integer(100, 599),
        "The HTTP status of that answer.")
    {
        Default = "503",
    });

    public static SchemaKey<string> ContentType { get; } = All.Add(new SchemaKey<string>(
        "service.respond.content_type", ConfigTypes.Text,
        "The content type of that answer.")
    {
        Default = "text/plain; charset=utf-8",
    });

    public static SchemaKey<string> Body { get; } = All.Add(new SchemaKey<string>(
        "service.respond.body", ConfigTypes.Text,
        "The body of that answer.")
    {
        Default = "The service is not available at the moment.",
    });

    public static SchemaKey<TimeSpan> RetryAfter { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.respond.retry_after", ConfigTypes.Duration,
        "The `Retry-After` header of that answer, in whole seconds.")
    {
        Unit = "seconds",
        Default = "2s",
    });
}
