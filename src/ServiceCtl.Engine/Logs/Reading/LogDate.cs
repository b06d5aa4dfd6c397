using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>
/// The date that uWSGI's <c>log-date</c> puts before its own lines, in strftime's directives. It is followed by <c> - </c>. Months and days
/// of the week are read in English: uWSGI sets no locale.
/// </summary>
internal sealed class LogDate
{
    private const string Months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";

    /// <summary>A pattern that is hostile, or a line that is, costs no more than this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    /// <summary>What stands for several directives.</summary>
    private static readonly Dictionary<char, string> Composed = new()
    {
        ['D'] = "%m/%d/%y",
        ['x'] = "%m/%d/%y",
        ['F'] = "%Y-%m-%d",
        ['T'] = "%H:%M:%S",
        ['X'] = "%H:%M:%S",
        ['R'] = "%H:%M",
        ['r'] = "%I:%M:%S %p",
        ['c'] = "%a %b %e %H:%M:%S %Y",
    };

    private readonly Regex _pattern;

    private LogDate(Regex pattern)
    {
        _pattern = pattern;
    }

    /// <returns>Null for a pattern that tells no time, or has a directive that is not known.</returns>
    internal static LogDate? TryParse(string pattern)
    {
        StringBuilder text = new("^");
        if (!TryAppend(text, pattern))
            return null;
        string whole = $"{text} - ";
        bool hasTime = Has("epoch") || (Has("minute") && (Has("hour") || Has("half")));
        return hasTime ? new LogDate(new Regex(whole, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Limit)) : null;

        bool Has(string group) => whole.Contains($"?<{group}>", StringComparison.Ordinal);
    }

    /// <param name="line">One line of the log.</param>
    /// <param name="near">Completes a pattern without a date: the day that is not after it.</param>
    /// <returns>Null for a line without such a date.</returns>
    internal DateTimeOffset? Find(string line, DateTimeOffset near)
    {
        Match match;
        try
        {
            match = _pattern.Match(line);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }

        if (!match.Success)
            return null;
        if (match.Groups["epoch"] is { Success: true } epoch)
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(epoch.ValueSpan, CultureInfo.InvariantCulture)).ToLocalTime();
        try
        {
            return At(match, near);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // the 31st of February
        }
    }

    private static DateTimeOffset At(Match match, DateTimeOffset near)
    {
        near = near.ToLocalTime();
        int year = Number(match, "year") ?? (Number(match, "short") is { } last ? last + (last < 69 ? 2000 : 1900) : near.Year);
        int? month = Number(match, "month")
            ?? (match.Groups["name"] is { Success: true } name ? (Months.IndexOf(name.Value, StringComparison.Ordinal) / 4) + 1 : null);
        DateTime day = Number(match, "ordinal") is { } ordinal
            ? new DateTime(year, 1, 1).AddDays(ordinal - 1)
            : new DateTime(year, month ?? near.Month, Number(match, "day") ?? (month is null ? near.Day : 1));
        int hour = Number(match, "hour") ?? ((Number(match, "half") ?? 0) % 12) + (match.Groups["noon"].Value is "PM" or "pm" ? 12 : 0);
        DateTime time = day.AddHours(hour).AddMinutes(Number(match, "minute") ?? 0).AddSeconds(Number(match, "second") ?? 0);
        if (match.Groups["offset"] is { Success: true } offset)
            return new DateTimeOffset(time, Offset(offset.Value)).ToLocalTime();

        DateTimeOffset found = new(time, TimeZoneInfo.Local.GetUtcOffset(time));
        bool hasDay = match.Groups["day"].Success || match.Groups["ordinal"].Success;
        bool hasYear = match.Groups["year"].Success || match.Groups["short"].Success;
        // Without a day or a year it is the last one that fits.
        if (found <= near.AddMinutes(1) || (hasDay && hasYear))
            return found;
        return hasDay ? found.AddYears(-1) : found.AddDays(-1);
    }

    private static bool TryAppend(StringBuilder text, string pattern)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == UwsgiSection.Unresolved)
            {
                text.Append(".*?");
                continue;
            }

            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                text.Append(Regex.Escape(pattern[i].ToString()));
                continue;
            }

            char directive = pattern[++i];
            // Glibc's flags change how a number is padded, which is read in any way.
            while (directive is '-' or '_' or '0' or '^' or '#' && i + 1 < pattern.Length)
                directive = pattern[++i];
            if (Composed.TryGetValue(directive, out string? composed))
            {
                if (!TryAppend(text, composed))
                    return false;
            }
            else if (Segment(directive) is { } segment)
            {
                text.Append(segment);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static string? Segment(char directive) => directive switch
    {
        'Y' => @"(?<year>\d{4})",
        'y' => @"(?<short>\d\d)",
        'm' => @"(?<month>[\d ]?\d)",
        'b' or 'h' => $"(?<name>{Months})",
        'B' => $"(?<name>{Months})[a-z]*",
        'd' or 'e' => @"(?<day>[\d ]?\d)",
        'j' => @"(?<ordinal>\d{1,3})",
        'H' or 'k' => @"(?<hour>[\d ]?\d)",
        'I' or 'l' => @"(?<half>[\d ]?\d)",
        'p' or 'P' => "(?<noon>AM|PM|am|pm)",
        'M' => @"(?<minute>\d{1,2})",
        'S' => @"(?<second>\d{1,2})",
        's' => @"(?<epoch>\d{1,12})",
        'z' => @"(?<offset>[+-]\d{4})",
        'Z' => @"[A-Za-z0-9+-]{1,6}",
        'a' or 'A' => "[A-Za-z]{3,9}",
        'u' or 'w' or 'C' or 'g' or 'G' or 'U' or 'V' or 'W' => @"\d{1,4}",
        'n' or 't' => @"\s",
        '%' => "%",
        _ => null,
    };

    private static TimeSpan Offset(string text)
    {
        TimeSpan size = TimeSpan.FromMinutes(
            (int.Parse(text.AsSpan(1, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(text.AsSpan(3, 2), CultureInfo.InvariantCulture));
        return text[0] == '-' ? -size : size;
    }

    private static int? Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found
            && int.TryParse(found.ValueSpan, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int number) ? number : null;
}
