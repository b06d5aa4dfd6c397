namespace ServiceCtl.Contracts;

/// <summary>What is said of a service before something is done with it.</summary>
public sealed record ServiceOpening
{
    public required string Service { get; init; }

    /// <summary>The state of the code in its folder; null where it is not a git checkout, could not be read, or nobody asked.</summary>
    public GitRevision? Revision { get; init; }

    /// <summary>Why the commit could not be read; null where it was, and where there is none.</summary>
    public string? Problem { get; init; }

    /// <summary>Does its configuration want colours on a screen?</summary>
    public bool UsesColor { get; init; }

    /// <summary>The commit, or why there is none.</summary>
    public override string ToString() => Revision is { } revision ? $"commit {revision}" : Problem ?? "not a git checkout";
}
