using ServiceCtl.Contracts;

namespace ServiceCtl.Client;

/// <summary>Words that people write, understood in the same way in both faces.</summary>
public static class UserInput
{
    /// <summary>
    /// Understands a time as people write it: <c>10m</c> (ago), <c>2026-11-24</c>, <c>2026-11-24 10:30</c>, <c>10:30</c>, ISO 8601.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static DateTimeOffset ParseTime(string text) =>
        TimestampText.TryParse(text, DateTimeOffset.Now, out var time) ? time : throw new ServiceCtlException(
            ErrorCode.InvalidArgument, text, $"'{text}' is not a time.",
            "Write how long ago, such as 10m or 2h, or a date and time, such as 2026-11-24T10:30.");

    /// <summary>
    /// Understands a duration as configurations have them: <c>10s</c>, <c>2m</c>, <c>500ms</c>, a bare number of seconds.
    /// </summary>
    public static bool TryParseDuration(string text, out TimeSpan duration) => DurationText.TryParse(text, out duration);

    /// <summary>The word that was probably meant; null when none is near enough.</summary>
    public static string? Suggest(string typed, IEnumerable<string> candidates) => Suggestion.For(typed, candidates);
}
