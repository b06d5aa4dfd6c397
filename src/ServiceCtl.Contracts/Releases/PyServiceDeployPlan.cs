namespace ServiceCtl.Contracts;

/// <summary>What a deploy would do. To find it out changes nothing.</summary>
public sealed record PyServiceDeployPlan
{
    /// <summary>The host that it is about, as deploy.yaml calls it; null for this one.</summary>
    public string? HostName { get; init; }

    public required string Service { get; init; }

    public required string Stage { get; init; }

    /// <summary>The commit that would be deployed; null for a folder that is no checkout.</summary>
    public string? Commit { get; init; }

    /// <summary>The release that serves now; null where none does.</summary>
    public string? CurrentRelease { get; init; }

    /// <summary>That one's commit.</summary>
    public string? CurrentCommit { get; init; }

    /// <summary>The commits between the two, the newest first, as git's one-liners.</summary>
    public IReadOnlyList<string> Commits { get => field ?? []; init; }

    /// <summary>What rendered templates would change: lines with - and + before them, secrets masked.</summary>
    public IReadOnlyList<string> Templates { get => field ?? []; init; }

    /// <summary>Whether the virtualenv would be made or used again; null where the service has none.</summary>
    public string? Environment { get; init; }

    /// <summary>The releases that would be deleted afterwards.</summary>
    public IReadOnlyList<string> Pruned { get => field ?? []; init; }

    /// <summary>Who holds the stage's lock; null when nobody does.</summary>
    public PyServiceStageLock? Lock { get; init; }

    /// <summary>The hosts that would switch together, batch after batch; none where the stage has no hosts.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Batches { get => field ?? []; init; }

    /// <summary>The same of each host; none where the stage has no hosts.</summary>
    public IReadOnlyList<PyServiceDeployPlan> Hosts { get => field ?? []; init; }

    /// <summary>What would stop the deploy before anything is changed.</summary>
    public IReadOnlyList<string> Problems { get => field ?? []; init; }
}
