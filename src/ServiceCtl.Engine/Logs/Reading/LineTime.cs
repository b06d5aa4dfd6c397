using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>
/// The time in a line that a server wrote into its own log: uWSGI's <c>[Tue Nov 24 10:00:00 2026]</c> or <c>Tue Nov 24 10:00:00 2026 -
/// </c>, Python's <c>2026-11-24 10:00:00,123</c> or ISO 8601, behind a word in capitals at most,
/// <c>[24.11.2026 10:00:00]</c>, and that of an access log. Without an offset it is local.
/// </summary>
internal static partial class LineTime
{
    /// <summary>Characters; a time further on belongs to the message, not to its head.</summary>
    private const int Farthest = 200;

    /// <summary>What finds it in a log of uWSGI's.</summary>
    /// <param name="logDate">The pattern of its dates, if it is not the usual one.</param>
    internal static Func<string, DateTimeOffset, DateTimeOffset?> Finder(string? logDate)
    {
        LogDate? own = logDate is null ? null : LogDate.TryParse(logDate);
        return (line, near) => own?.Find(line, near) ?? Find(line);
    }

    internal static DateTimeOffset? Find(string line)
    {
        var begin = line.Length <= Farthest ? line : line[..Farthest];
        if (Iso().Match(begin) is { Success: true } iso)
            return Parse(iso.Groups["time"].Value.Replace(',', '.'), null);
        if (Dotted().Match(begin) is { Success: true } dotted)
            return Parse(dotted.Groups["time"].Value, "dd.MM.yyyy HH:mm:ss");
        if (Access().Match(begin) is { Success: true } access)
            return Parse($"{access.Groups["time"].Value}{access.Groups["offset"].Value}".Replace(':', ' '),
                access.Groups["offset"].Success ? "dd/MMM/yyyy HH mm sszzz" : "dd/MMM/yyyy HH mm ss");
        return Ctime().Match(begin) is { Success: true } ctime ? Parse(ctime.Value, "ddd MMM d HH:mm:ss yyyy") : null;
    }

    private static DateTimeOffset? Parse(string text, string? format)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeLocal | DateTimeStyles.AllowInnerWhite;
        return (format is null
            ? DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var time)
            : DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, styles, out time)) ? time : null;
    }

    [GeneratedRegex(@"^\W{0,4}([A-Z]{3,8}\W{1,8})?(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d{1,7})?(Z|[+-]\d\d:?\d\d)?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Iso();

    [GeneratedRegex(@"^\W{0,2}(?<time>\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dotted();

    [GeneratedRegex(@"(^|\s)\[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d:\d\d)( (?<offset>[+-]\d{4}))?\] ""[A-Z]+ ",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Access();

    [GeneratedRegex(@"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d \d{4}\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Ctime();
}
