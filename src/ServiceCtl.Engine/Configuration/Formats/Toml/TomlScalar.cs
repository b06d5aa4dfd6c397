using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Configuration;

/// <summary>Numbers, booleans, dates and times of TOML. Dates are kept as unquoted text.</summary>
internal static partial class TomlScalar
{
    /// <summary>Longer than any number that fits 64 bits, or date, that somebody would write.</summary>
    private const int LongestPlain = 256;

    public static ConfigScalar Read(string text, Origin origin)
    {
        if (text.Length is 0 or > LongestPlain)
            throw NoValue(text, origin);
        if (text is "true" or "false")
            return new ConfigScalar(text, ScalarKind.Boolean, origin);
        if (Integer().IsMatch(text))
        {
            return ScalarText.TryReadInteger(text, out _)
                ? new ConfigScalar(text, ScalarKind.Integer, origin)
                : throw new MalformedSourceException(origin, "The number does not fit into 64 bits.", "Put it in quotes if it is text.");
        }

        if (Float().IsMatch(text))
            return new ConfigScalar(text, ScalarKind.Float, origin);
        // The other formats, and so the types of keys, write them with a dot.
        if (text.TrimStart('+', '-') is "inf" or "nan" && text.Length <= 4)
            return new ConfigScalar(text.Contains("nan", StringComparison.Ordinal) ? ".nan" : $"{(text[0] == '-' ? "-" : "")}.inf", ScalarKind.Float, origin);
        if (Date().Match(text) is { Success: true } match)
        {
            return IsRight(match)
                ? new ConfigScalar(text, ScalarKind.Text, origin)
                : throw new MalformedSourceException(origin, "There is no such date or time.", "Correct it, or put it in quotes if it is text.");
        }

        throw NoValue(text, origin);
    }

    private static bool IsRight(Match match)
    {
        var isDate = !match.Groups["year"].Success
            || DateOnly.TryParseExact($"{match.Groups["year"].Value}-{match.Groups["month"].Value}-{match.Groups["day"].Value}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        // RFC 3339 has a second 60, for leap seconds.
        return isDate && IsUpTo(match, "hour", 23) && IsUpTo(match, "minute", 59) && IsUpTo(match, "second", 60)
            && IsUpTo(match, "zone", 23) && IsUpTo(match, "zoneminute", 59);
    }

    private static bool IsUpTo(Match match, string group, int limit) =>
        !match.Groups[group].Success || int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) <= limit;

    // It may be a password without its quotes, so it is not shown.
    private static MalformedSourceException NoValue(string text, Origin origin) => new(
        origin, text.Length == 0 ? "A value is missing or can't begin like this." : "This is no value of TOML.",
        "Text is in quotes; other values are numbers, true, false, dates, lists in `[…]` and tables in `{…}`.");

    [GeneratedRegex(@"\A([+-]?(0|[1-9](_?[0-9])*)|0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Float();

    [GeneratedRegex(
        @"\A((?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2}))?((?(year)[Tt ])(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]+)?(?(year)([Zz]|[+-](?<zone>[0-9]{2}):(?<zoneminute>[0-9]{2}))?))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Date();
}
