using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Contracts;

/// <summary>
/// Durations as people write them: <c>2s</c>, <c>500ms</c>, <c>1m30s</c>, <c>1.5h</c>; a bare number counts seconds, <c>1:30</c> minutes
/// and seconds.
/// </summary>
public static partial class DurationText
{
    /// <summary>Timers can't count further.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>Reads a duration from 0 to <see cref="Longest"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration) => TryParse(text, Longest, out duration);

    /// <summary>Reads a duration from 0 to one of the caller's.</summary>
    public static bool TryParse(string text, TimeSpan longest, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var trimmed = text.Trim();
        var ticks = 0m;
        if (BarePattern().IsMatch(trimmed))
        {
            foreach (var part in trimmed.Split(':'))
                ticks = (ticks * 60) + decimal.Parse(part, CultureInfo.InvariantCulture);
            ticks *= TimeSpan.TicksPerSecond;
        }
        else if (UnitPattern().Match(trimmed) is { Success: true } match)
        {
            for (var part = 0; part < match.Groups["number"].Captures.Count; part++)
                ticks += decimal.Parse(match.Groups["number"].Captures[part].Value,
                    CultureInfo.InvariantCulture) * Unit(match.Groups["unit"].Captures[part].Value);
        }
        else
        {
            return false;
        }

        if (ticks > longest.Ticks)
            return false;
        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    private static long Unit(string unit) => unit switch
    {
        "us" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" or "min" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        "w" => TimeSpan.TicksPerDay * 7,
        _ => TimeSpan.TicksPerDay,
    };

    // The numbers of digits keep the sums within a decimal.
    [GeneratedRegex(@"^(\d{1,12}(\.\d{1,7})?|\d{1,6}(:[0-5]?\d){1,2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex BarePattern();

    [GeneratedRegex(@"^((?<number>\d{1,12}(\.\d{1,7})?) ?(?<unit>us|ms|s|min|m|h|d|w)( ?)){1,6}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UnitPattern();
}
