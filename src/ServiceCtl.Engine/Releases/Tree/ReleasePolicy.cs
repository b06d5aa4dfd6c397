using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Tree;

/// <summary>Which release a rollback goes to, and which are deleted. Order is that of the ids, never that of file times.</summary>
internal static class ReleasePolicy
{
    /// <summary>The newest one before the current that has served; null when there is none.</summary>
    public static Release? RollbackTarget(IReadOnlyList<Release> releases)
    {
        var current = releases.FirstOrDefault(release => release.State == ReleaseState.Current);
        return releases
            .Where(release => release.HasServed && release.State != ReleaseState.Current
                && (current is null || string.CompareOrdinal(release.Id, current.Id) < 0))
            .MaxBy(release => release.Id, StringComparer.Ordinal);
    }

    public static ServiceCtlException NoOlder(string stage) => new(
        ErrorCode.ReleaseNotFound, stage, "There are no older releases to rollback to",
        $"'servicectl releases {stage}' lists those that are there.");

    /// <summary>The newest one that is ready, and newer than the current; null when there is none.</summary>
    public static Release? NewestReady(IReadOnlyList<Release> releases) => releases
        .Where(release => release.State == ReleaseState.Ready && !IsPassed(release, releases))
        .MaxBy(release => release.Id, StringComparer.Ordinal);

    /// <summary>
    /// What is to be deleted, the oldest first. Failed releases have a number of their own, so that they push out none that has served.
    /// The one that serves and the one that a rollback goes to stay in any case.
    /// </summary>
    public static IReadOnlyList<Release> ToPrune(IReadOnlyList<Release> releases, int keep, int keepFailed)
    {
        var target = RollbackTarget(releases);
        var served = Oldest(releases.Where(release => release.HasServed), keep)
            .Where(release => release.State != ReleaseState.Current && release != target);
        var failed = Oldest(releases.Where(release =>
            release.State == ReleaseState.Failed || (release.State == ReleaseState.Ready && IsPassed(release, releases))), keepFailed);
        return [.. served.Concat(failed).OrderBy(release => release.Id, StringComparer.Ordinal)];
    }

    /// <summary>All but the newest few.</summary>
    private static IEnumerable<Release> Oldest(IEnumerable<Release> releases, int keep) =>
        releases.OrderByDescending(release => release.Id, StringComparer.Ordinal).Skip(keep);

    /// <summary>Was it made before the one that serves?</summary>
    private static bool IsPassed(Release release, IReadOnlyList<Release> releases) => releases.Any(other =>
        other.State == ReleaseState.Current && string.CompareOrdinal(release.Id, other.Id) < 0);
}
