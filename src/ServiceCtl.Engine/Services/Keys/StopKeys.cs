using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>How a service is ended: <c>service.stop</c>.</summary>
public static class StopKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.stop", "How it is ended.", IsClosed: true));

    public static SchemaKey<StopMode> Mode { get; } = All.Add(new SchemaKey<StopMode>(
        "service.stop.mode", ConfigTypes.Choice<StopMode>(),
        "`passive` asks and waits for the requests in flight; `aggressive` interrupts at once.")
    {
        Default = "passive",
    });

    public static SchemaKey<SignalName> Signal { get; } = All.Add(new SchemaKey<SignalName>(
        "service.stop.signal", ConfigTypes.Signal,
        "How it is asked to end, where the runner has no better way.")
    {
        Default = "TERM",
    });

    public static SchemaKey<TimeSpan> Timeout { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.stop.timeout", ConfigTypes.Duration,
        "Time to end by itself; then its whole process group is killed.")
    {
        Unit = "seconds",
        Default = "5s",
    });
}
