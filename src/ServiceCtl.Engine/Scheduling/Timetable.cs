using Cronos;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>
/// When something is to be done, by the wall clock alone: a pure function of where that was and where it is. Cronos knows the changes
/// between summer and winter: what falls into the hour that is left out comes right after it, and what falls into the hour that comes
/// twice is done once, unless it recurs within the hour.
/// </summary>
internal sealed class Timetable
{
    /// <summary>A machine that is busy is late by so much without having missed anything.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Set back by less, a clock was corrected, and what was done is not done twice; set back by more it was wrong, and counts from now.
    /// </summary>
    public static readonly TimeSpan Correction = TimeSpan.FromHours(3);

    /// <summary>Of what was missed, no more is counted: each second of a day.</summary>
    private const int MostCounted = 86_400;

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    /// <exception cref="CronFormatException">The rule was never checked.</exception>
    public Timetable(ScheduleRule rule)
    {
        _cron = CronText.Parse(rule.Cron);
        // One that has gone from the host since it was checked.
        _zone = CronText.FindZone(rule.TimeZone) ?? TimeZoneInfo.Utc;
    }

    /// <summary>The first time after a moment; null for never.</summary>
    public DateTimeOffset? After(DateTimeOffset moment) => _cron.GetNextOccurrence(moment, _zone);

    /// <summary>What the clock says.</summary>
    /// <param name="next">The time that is awaited.</param>
    /// <param name="seen">What the clock said at the last look.</param>
    /// <param name="now">What it says.</param>
    public TimetableLook Look(DateTimeOffset? next, DateTimeOffset seen, DateTimeOffset now)
    {
        if (now < seen - Correction)
            return new TimetableLook(null, 0, null, After(now));
        if (next is null || now < next)
            return new TimetableLook(null, 0, null, next);

        DateTimeOffset? due = null;
        DateTimeOffset? firstMissed = null;
        var missed = 0;
        var at = next;
        for (; at <= now && missed < MostCounted; at = After(at.Value))
        {
            if (at >= now - Tolerance)
            {
                due = at;
                continue;
            }

            firstMissed ??= at;
            missed++;
        }

        return new TimetableLook(due, missed, firstMissed, at <= now ? After(now) : at);
    }
}
