using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>What a release keeps of itself, in its release.json. One that Capistrano made has none.</summary>
internal sealed record ReleaseRecord
{
    /// <summary>What it came to last. Which one serves, the link says.</summary>
    public ReleaseState State { get; init; }

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? By { get; init; }

    /// <summary>From where, and as whom there: the host of whoever deployed, where that was another one.</summary>
    public string? From { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Its virtualenv in <c>shared/venvs</c>; null where it has none there.</summary>
    public string? Environment { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }
}
