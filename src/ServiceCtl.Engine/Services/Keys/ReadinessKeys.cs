using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>When a launch counts as ready: <c>service.ready</c>.</summary>
public static class ReadinessKeys
{
    /// <summary>What dies within this time has never run: most faults at a start, as an import that fails, show by then.</summary>
    public static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(1);

    internal static KeyList All { get; } = new(
        new SchemaSection("service.ready", "When a launch counts as ready.", IsClosed: true));

    public static ProbeKeys Page { get; } = new(
        All, "service.ready",
        "Ready when this page answers as it should: a path on the service's own address, or a URL. A URL of the service's own address is "
            + "asked of the launch that is to become ready.",
        $"`{ProbeKeys.UsualPage}`, unless another key of `service.ready` says how readiness shows");

    public static SchemaKey<Regex> Log { get; } = All.Add(new SchemaKey<Regex>(
        "service.ready.log", ConfigTypes.Pattern,
        "Ready when a line of its output matches.")
    {
        Example = "'Listening at'",
    });

    public static SchemaKey<bool> Notify { get; } = All.Add(new SchemaKey<bool>(
        "service.ready.notify", ConfigTypes.Boolean,
        "Ready when it says so through systemd's notify protocol.")
    {
        Default = "false",
    });

    public static SchemaKey<TimeSpan> Delay { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.ready.delay", ConfigTypes.Duration,
        "Ready when it has lived this long, for services that can't be asked. One that ends before has failed to start; with exit code 0 "
            + "and another `restart.when` than `always` it has done its work.")
    {
        Unit = "seconds",
        DefaultNote = $"`{UsualDelay.TotalSeconds}s` where the service has no address and nothing else shows that it is ready",
        Example = "1s",
    });

    public static SchemaKey<TimeSpan> AtLatest { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.ready.at_latest", ConfigTypes.Duration,
        "Ready when it has lived this long, whatever its page answers; a missing page (404) doesn't keep it from becoming ready. For "
            + "programs that may have none.")
    {
        Unit = "seconds",
        Example = "5s",
    });

    public static SchemaKey<TimeSpan> Timeout { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.ready.timeout", ConfigTypes.Duration,
        "A start that takes longer has failed.")
    {
        Unit = "seconds",
        Default = "30s",
    });
}
