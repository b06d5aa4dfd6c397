namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>Who holds a stage's lock, as its file says.</summary>
internal sealed record LockRecord
{
    /// <summary>Whose it is: only who knows it gives it back.</summary>
    public required string Token { get; init; }

    public required string By { get; init; }

    /// <summary>Where its process is.</summary>
    public required string Host { get; init; }

    /// <summary>Where whoever holds it is, where that is another host.</summary>
    public string? From { get; init; }

    /// <summary>The boot of that host.</summary>
    public string? Boot { get; init; }

    /// <summary>Null for a stage that was locked on purpose.</summary>
    public int? Pid { get; init; }

    public long StartTicks { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Reason { get; init; }
}
