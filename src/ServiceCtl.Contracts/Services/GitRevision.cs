namespace ServiceCtl.Contracts;

/// <summary>What is checked out in a folder.</summary>
public sealed record GitRevision
{
    /// <summary>Full hash of the commit; null in a repository that has none yet.</summary>
    public string? Commit { get; init; }

    /// <summary>Name of the branch; null when the head is detached.</summary>
    public string? Branch { get; init; }

    /// <summary>Do tracked files differ from the commit?</summary>
    public bool Dirty { get; init; }

    /// <summary>Subject of the commit's message: its first paragraph, on one line.</summary>
    public string? Subject { get; init; }

    public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>The commit as people quote it: seven digits, with <c>*</c> when the tree is dirty.</summary>
    public string ShortCommit => (Commit is { Length: >= 7 } ? Commit[..7] : Commit ?? "none") + (Dirty ? "*" : "");

    public override string ToString() => Branch is null ? ShortCommit : $"{ShortCommit} ({Branch})";
}
