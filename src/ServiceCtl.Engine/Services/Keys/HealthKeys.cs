using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>How a running service is asked whether it is well: <c>service.health</c>.</summary>
public static class HealthKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.health", "How a running service is asked whether it is well.", IsClosed: true));

    public static ProbeKeys Page { get; } = new(
        All, "service.health", "The page that is asked while the service runs: a path on the service's own address, or a URL.",
        $"`{ProbeKeys.UsualPage}`");

    public static SchemaKey<string> State { get; } = All.Add(new SchemaKey<string>(
        "service.health.state", new PagePathType(),
        "The page on which a service built with cordio shows what goes on inside it: tasks, handlers, services, certificates. "
            + "`servicectl status NAME` shows it. It is asked only then, with a token that the service got with its configuration.")
    {
        Example = "/internal/state",
    });

    public static SchemaKey<TimeSpan> Interval { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.health.interval", ConfigTypes.Duration,
        "Time between two probes.")
    {
        Unit = "seconds",
        Default = "10s",
    });

    public static SchemaKey<TimeSpan> Timeout { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.health.timeout", ConfigTypes.Duration,
        "A probe that takes longer has failed.")
    {
        Unit = "seconds",
        Default = "3s",
    });

    public static SchemaKey<int> Failures { get; } = All.Add(new SchemaKey<int>(
        "service.health.failures", ConfigTypes.Integer(1, 1000),
        "So many failed probes in a row restart the service.")
    {
        Default = "3",
    });
}
