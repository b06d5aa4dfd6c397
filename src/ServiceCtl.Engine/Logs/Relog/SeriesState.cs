namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Where the events of one log stand.</summary>
internal sealed record SeriesState
{
    public required string Path { get; init; }

    /// <summary>Of the last line that had one.</summary>
    public DateTime? LastTime { get; init; }

    /// <summary>The file that was read last, which has to be there the next time, under whatever name.</summary>
    public SourceRecord? Last { get; init; }

    /// <summary>Entries that could go on.</summary>
    public IReadOnlyList<PendingEntry> Pending { get; init; } = [];
}
