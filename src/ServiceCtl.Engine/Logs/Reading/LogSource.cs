namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>A log to be read: a captured one, or one that the service itself writes (uWSGI's <c>logto</c>).</summary>
public sealed record LogSource
{
    public required string Service { get; init; }

    /// <summary>
    /// The file that is being written; rotated ones (<c>.EPOCH</c>, <c>.EPOCH.gz</c>, logrotate's <c>.1</c>) are beside it. Absolute.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Whether it was captured, so that the times of its lines are known.</summary>
    public bool IsCaptured { get; init; } = true;

    /// <summary>
    /// Finds the time in a line that has one, with a time when the file was certainly not yet older; for logs that were not captured.
    /// </summary>
    public Func<string, DateTimeOffset, DateTimeOffset?>? TimeOf { get; init; }
}
