using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Releases.Settings;

/// <summary>The keys of <c>canary</c> in deploy.yaml.</summary>
internal static class CanaryKeys
{
    public static SchemaKey<IReadOnlyList<double>> Share { get; } = new("canary.share", ConfigTypes.ListOf(ConfigTypes.Percentage),
        "The part of the new connections that a release gets before it takes over, step after step.")
    {
        DefaultNote = "no canary",
        Example = "[5%, 25%]",
    };

    public static SchemaKey<TimeSpan> For { get; } = new("canary.for", ConfigTypes.Duration, "How long each step takes.")
    {
        Unit = "seconds",
        Default = "60s",
    };

    public static SchemaKey<int> MinRequests { get; } = new("canary.min_requests", ConfigTypes.Integer(1, 1_000_000_000),
        "How many requests it must have answered before `error_rate` and `slower_than` are judged. If fewer have come by the end, the "
            + "release takes over with a warning.")
    {
        Default = "20",
    };

    public static SchemaKey<int> NewExceptions { get; } = new("canary.fail_on.new_exceptions", ConfigTypes.Integer(0, 1000),
        "It fails when it logs this many kinds of exceptions that the service has not logged before; 0: never.")
    {
        Default = "1",
    };

    public static SchemaKey<double> ErrorRate { get; } = new("canary.fail_on.error_rate", ConfigTypes.Percentage,
        "It fails when its rate of 5xx exceeds that of the serving release by more than this; 100%: never.")
    {
        Default = "1%",
    };

    public static SchemaKey<double> SlowerThan { get; } = new("canary.fail_on.slower_than", ConfigTypes.Factor,
        "It fails when its requests take this many times as long, on average, as those of the serving release. uWSGI only.")
    {
        DefaultNote = "times are not judged",
        Example = "2x",
    };

    public static IReadOnlyList<SchemaSection> Sections { get; } =
    [
        new("canary", "Gives a release part of the connections before it takes over.", IsClosed: true),
        new("canary.fail_on", "What makes a canary fail.", IsClosed: true),
    ];

    public static IReadOnlyList<SchemaKey> All { get; } = [Share, For, MinRequests, NewExceptions, ErrorRate, SlowerThan];
}
