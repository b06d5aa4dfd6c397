namespace ServiceCtl.Contracts;

/// <summary>What keeps deploys of a stage from beginning.</summary>
public sealed record PyServiceStageLock
{
    /// <summary>Who holds it, as <c>user@host</c>.</summary>
    public required string By { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>What is being done, or the message that it was locked with.</summary>
    public required string Reason { get; init; }

    /// <summary>The process that holds it; null for one that was locked on purpose.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Whether its process has gone without giving it back.</summary>
    public bool IsStale { get; init; }

    public override string ToString() =>
        $"{By}, since {Since:yyyy-MM-dd HH:mm:ss zzz}: {Reason}{(IsStale ? " (its process is gone)" : "")}";
}
