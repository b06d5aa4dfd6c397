using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// A service that goes down and comes back again and again makes one alert, and one more when it has settled. Pure, by the times of
/// events: what went out before and the next alert in, what goes out now out.
/// </summary>
internal static class FlapPolicy
{
    /// <summary>What becomes of an alert.</summary>
    /// <param name="flap">What is known; null: nothing.</param>
    /// <param name="alert">As it would be told; null: nothing would.</param>
    /// <param name="happened">The event.</param>
    /// <param name="limit">How often it goes down within a time before that counts as flapping.</param>
    public static (FlapRecord? Flap, (AlertNews News, AlertLevel Level)? Alert) Take(
        FlapRecord? flap, (AlertNews News, AlertLevel Level)? alert, ServiceEvent happened, Rate limit)
    {
        var isFlapping = flap is { IsFlapping: true };
        switch (alert?.News ?? AlertPolicy.SubjectOf(happened))
        {
            case AlertNews.Down when alert is { Level: var level }:
                DateTimeOffset[] downs =
                    [.. (flap?.Downs ?? []).Where(time => (happened.Time - time).Duration() <= limit.Window), happened.Time];
                var isNow = isFlapping || downs.Length >= limit.Count;
                flap = new FlapRecord
                {
                    Downs = [.. downs.TakeLast(limit.Count)],
                    IsFlapping = isNow,
                    At = happened.Time,
                    Sequence = happened.Sequence,
                    Level = isFlapping ? flap!.Level : level,
                };
                return (flap, isFlapping ? null : (isNow ? AlertNews.Flapping : AlertNews.Down, level));
            case AlertNews.Back when alert is not null && isFlapping:
                return (flap! with { At = happened.Time, Sequence = happened.Sequence }, null);
            case AlertNews.GaveUp when alert is not null:
                return (null, alert);
            case AlertNews.Stopped:
                return (null, alert ?? (isFlapping ? (AlertNews.Stopped, flap!.Level) : null));
            default:
                return (flap, alert);
        }
    }

    /// <summary>Has it stayed as it is for long enough?</summary>
    /// <returns>The alert to send; null: none yet.</returns>
    public static AlertNews? Settle(FlapRecord flap, ServiceCondition condition, DateTimeOffset now, Rate limit) =>
        flap.IsFlapping && (now - flap.At).Duration() >= limit.Window
            ? condition == ServiceCondition.Up ? AlertNews.Settled : AlertNews.Down : null;

    /// <summary>Has it gone down so long ago that it does not count any more?</summary>
    public static bool IsOver(FlapRecord flap, DateTimeOffset now, Rate limit) =>
        !flap.IsFlapping && flap.Downs.All(time => (now - time).Duration() > limit.Window);
}
