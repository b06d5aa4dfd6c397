using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision.Canaries;

/// <summary>Whether a canary is good, by its figures and those of the generation beside it.</summary>
/// <param name="Outcome">What it comes to.</param>
/// <param name="Words">Why, without a full stop.</param>
internal sealed record CanaryVerdict(CanaryOutcome Outcome, string Words)
{
    /// <summary>Twice of next to nothing is next to nothing.</summary>
    internal const double LeastMilliseconds = 5;

    private const int NamedKinds = 3;

    /// <param name="rule">What it fails by.</param>
    /// <param name="canary">What it has done.</param>
    /// <param name="former">What the one that serves has done meanwhile; its exceptions are those of before as well.</param>
    public static CanaryVerdict Of(ReleaseCanary rule, GenerationFigures canary, GenerationFigures former)
    {
        var isEnough = canary.Requests >= rule.MinRequests;
        string?[] faults =
        [
            ByExceptions(rule, canary, former),
            isEnough ? ByErrors(rule, canary, former) : null,
            isEnough && former.Requests >= rule.MinRequests ? ByTime(rule, canary, former) : null,
        ];
        var told = string.Join(", and ", faults.OfType<string>());
        if (told.Length > 0)
            return new CanaryVerdict(CanaryOutcome.Bad, told);
        if (isEnough)
            return new CanaryVerdict(CanaryOutcome.Good, $"{canary}; the release that serves: {former}");
        var count = canary.Requests is { } few
            ? string.Create(CultureInfo.InvariantCulture, $"only {few} of the {rule.MinRequests} requests needed for a verdict arrived")
            : "its requests can't be counted";
        return new CanaryVerdict(CanaryOutcome.TooFew, $"{count}, so error rate and response times were not judged");
    }

    private static string? ByExceptions(ReleaseCanary rule, GenerationFigures canary, GenerationFigures former)
    {
        if (rule.NewExceptions <= 0)
            return null;
        var known = former.Exceptions.Select(kind => kind.Kind).ToHashSet(StringComparer.Ordinal);
        var fresh = canary.Exceptions.Where(kind => !known.Contains(kind.Kind)).ToArray();
        if (fresh.Length < rule.NewExceptions)
            return null;
        var named = string.Join("; ", fresh.Take(NamedKinds).Select(kind => kind.ToString()));
        return $"it raised {(fresh.Length == 1 ? "a kind of exception" : $"{fresh.Length} kinds of exceptions")} that the release that "
            + $"serves does not: {named}{(fresh.Length > NamedKinds ? "; …" : "")}";
    }

    private static string? ByErrors(ReleaseCanary rule, GenerationFigures canary, GenerationFigures former)
    {
        if (rule.ErrorRate is not { } limit || canary.ErrorRate is not { } rate)
            return null;
        var usual = former.ErrorRate ?? 0;
        return rate - usual <= limit ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{canary.ServerErrors} of its {canary.Requests} requests ({rate:0.##} %) were answered with a 5xx, "
                + $"{(former.ErrorRate is null ? "" : $"{usual:0.##} % of those of the release that serves, ")}"
                + $"and {limit:0.##} % more are allowed");
    }

    private static string? ByTime(ReleaseCanary rule, GenerationFigures canary, GenerationFigures former)
    {
        if (rule.SlowerThan is not { } factor || canary.Milliseconds is not { } mean || former.Milliseconds is not { } usual)
            return null;
        return mean <= usual * factor || mean - usual < LeastMilliseconds ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"a request took {mean:0.0} ms on average, {usual:0.0} ms with the release that serves, "
                + $"and {factor:0.##} times as long is allowed");
    }
}
