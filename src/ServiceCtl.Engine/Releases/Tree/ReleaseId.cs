using System.Globalization;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>Names of releases: the moment of the deploy in UTC, as Capistrano writes it. Their order is that of the text.</summary>
internal static class ReleaseId
{
    private const string Format = "yyyyMMddHHmmss";

    public static bool IsOne(string name) => name.Length == Format.Length && name.All(char.IsAsciiDigit);

    /// <summary>
    /// The next one. It comes after all that are there, also where a clock that went wrong has made one of the future, or two are made
    /// within a second.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="newest">The last of those that are there; null for none.</param>
    public static string Next(DateTimeOffset now, string? newest)
    {
        var id = now.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
        if (newest is null || string.CompareOrdinal(newest, id) < 0)
            return id;
        return TimeOf(newest) is { } last && last < DateTimeOffset.MaxValue.AddSeconds(-1)
            ? last.UtcDateTime.AddSeconds(1).ToString(Format, CultureInfo.InvariantCulture)
            // No time at all, but a name of ours: the next number.
            : (long.Parse(newest, CultureInfo.InvariantCulture) + 1).ToString("D14", CultureInfo.InvariantCulture);
    }

    /// <summary>The moment that a name says; null for one that is no time.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        DateTimeOffset.TryParseExact(id, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
