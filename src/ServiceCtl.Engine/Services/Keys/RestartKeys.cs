using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What happens when a service ends by itself: <c>service.restart</c>.</summary>
public static class RestartKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("service.restart", "What happens when it ends by itself.", IsClosed: true));

    public static SchemaKey<RestartWhen> When { get; } = All.Add(new SchemaKey<RestartWhen>(
        "service.restart.when", ConfigTypes.Choice<RestartWhen>(),
        "Which ends of the process are followed by a new start. Where it is not `always`, an end with exit code 0 is none: the service is "
            + "Stopped, until somebody starts it or the host boots.")
    {
        Default = "always",
    });

    public static SchemaKey<TimeSpan> Delay { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.restart.delay", ConfigTypes.Duration,
        "Wait before the first restart.")
    {
        Unit = "seconds",
        Default = "2s",
    });

    public static SchemaKey<double> Factor { get; } = All.Add(new SchemaKey<double>(
        "service.restart.factor", ConfigTypes.Number(1, 100),
        "Each further wait is so many times the one before.")
    {
        Default = "2",
    });

    public static SchemaKey<TimeSpan> MaxDelay { get; } = All.Add(new SchemaKey<TimeSpan>(
        "service.restart.max_delay", ConfigTypes.Duration,
        "The longest wait.")
    {
        Unit = "seconds",
        Default = "1m",
    });

    public static SchemaKey<Rate> GiveUp { get; } = All.Add(new SchemaKey<Rate>(
        "service.restart.give_up", ConfigTypes.Rate,
        "So many ends within this time, and the service is left alone as failed.")
    {
        Default = "5 in 1m",
    });
}
