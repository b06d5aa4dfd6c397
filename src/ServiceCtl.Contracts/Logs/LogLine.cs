namespace ServiceCtl.Contracts;

/// <summary>One line of a service's log.</summary>
public sealed record LogLine
{
    public required string Service { get; init; }

    /// <summary>
    /// When the beginning of the line was captured, at most a tenth of a second early. Of a log that the server writes itself: as the line
    /// says, or the one before it; when the file was written, where none says it. Null where nobody knows.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// The line without its end. Bytes that are not UTF-8 are shown as U+FFFD; a line that was too long ends with a remark.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The generation launched last when the line came; an older one that was being drained may have written it.</summary>
    public int? Generation { get; init; }

    /// <summary>The log file that the line was read from, under the name it had then.</summary>
    public string? File { get; init; }

    /// <summary>True for a remark of the reader's own: lines were rotated away before they could be read.</summary>
    public bool IsRemark { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Text;
}
