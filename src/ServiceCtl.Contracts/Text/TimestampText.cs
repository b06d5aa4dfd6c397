using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>A moment as people write it: <c>10m</c> for ten minutes ago, or a date and time, local where no offset says else.</summary>
public static class TimestampText
{
    /// <summary>Longer ago than anything that is kept.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        // A bare number would be seconds ago to one reader and a year or a Unix time to another.
        if (DurationText.TryParse(text, Longest, out var ago) && text.Any(char.IsAsciiLetter))
        {
            moment = now - ago;
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeLocal | DateTimeStyles.AllowWhiteSpaces, out moment)
            && text.AsSpan().ContainsAny('-', ':', 'T');
    }
}
