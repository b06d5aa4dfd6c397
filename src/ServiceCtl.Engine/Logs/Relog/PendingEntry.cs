namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>An entry that could go on. Its lines are taken again with the next run.</summary>
internal sealed record PendingEntry
{
    public DateTime? Time { get; init; }

    public string? Request { get; init; }

    public int Pid { get; init; }

    public required byte[] Lines { get; init; }
}
