namespace ServiceCtl.Contracts;

/// <summary>One release of a service in a stage.</summary>
public sealed record PyServiceRelease
{
    /// <summary>The host that it is on, as deploy.yaml calls it; null for this one.</summary>
    public string? HostName { get; init; }

    public required string Service { get; init; }

    public required string Stage { get; init; }

    /// <summary>The folder of the deploy.yaml that describes the stage.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder's name: the moment of the deploy in UTC, as <c>20261130021500</c>.</summary>
    public required string Id { get; init; }

    public required ReleaseState State { get; init; }

    /// <summary>The commit it was made of; null for a folder that is no checkout.</summary>
    public string? Commit { get; init; }

    /// <summary>What was asked for: a branch, a tag, a commit.</summary>
    public string? Branch { get; init; }

    /// <summary>Who deployed it.</summary>
    public string? By { get; init; }

    /// <summary>From which host; null for the one that it is on.</summary>
    public string? From { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last began to serve.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The release's folder.</summary>
    public required string Path { get; init; }

    /// <summary>Why it failed; null for any other state.</summary>
    public string? Problem { get; init; }

    public override string ToString() => Id;
}
