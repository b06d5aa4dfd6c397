using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Projects;

/// <summary>What becomes of one file.</summary>
/// <param name="Path">Below the project's folder.</param>
/// <param name="Change">What is done.</param>
/// <param name="Before">The text that is there; null for nothing.</param>
/// <param name="After">The text that is to be there; null for nothing.</param>
/// <param name="Reason">Why it is kept.</param>
internal sealed record PlannedChange(string Path, ProjectFileChange Change, string? Before, string? After, string? Reason = null)
{
    /// <summary>Is something written or deleted?</summary>
    public bool TouchesIt => Change != ProjectFileChange.Kept;
}

/// <summary>
/// Decides by three versions of each file what becomes of it: as the template had it, as the template has it now, and as it is. What nobody
/// has changed follows the template; what somebody has deleted stays deleted; what both have changed is merged.
/// </summary>
internal static class UpdatePlan
{
    /// <summary>Merges a file's own text and the template's, by what both come from.</summary>
    /// <returns>The text, and whether both had changed the same lines.</returns>
    public delegate Task<(string Text, bool HasConflicts)> Merge(string path, string own, string from, string to);

    /// <param name="pristine">As the template had them.</param>
    /// <param name="wanted">As the template has them now.</param>
    /// <param name="find">As they are.</param>
    /// <param name="merge">Of two texts.</param>
    /// <returns>In the order of their paths, without those that nothing is to be said of.</returns>
    public static async Task<IReadOnlyList<PlannedChange>> MakeAsync(
        IReadOnlyDictionary<string, string> pristine, IReadOnlyDictionary<string, string> wanted, Func<string, FoundFile> find, Merge merge)
    {
        var changes = new List<PlannedChange>();
        foreach (var path in pristine.Keys.Union(wanted.Keys).Order(StringComparer.Ordinal))
        {
            var (from, to) = (pristine.GetValueOrDefault(path), wanted.GetValueOrDefault(path));
            if (from != to && await DecideAsync(path, from, to, find(path), merge) is { } change)
                changes.Add(change);
        }

        return changes;
    }

    private static async Task<PlannedChange?> DecideAsync(string path, string? from, string? to, FoundFile found, Merge merge)
    {
        PlannedChange Kept(string reason) => new(path, ProjectFileChange.Kept, found.Text, found.Text, reason);
        if (found.Problem is { } problem)
            return Kept(problem);
        if (found.Text is not { } own)
            return from is null ? new(path, ProjectFileChange.Created, null, to) : to is null ? null : Kept("it was deleted");
        if (own == to)
            return null;
        if (to is null)
            return own == from
                ? new(path, ProjectFileChange.Deleted, own, null) : Kept("the template has it no longer, and it was changed");
        if (own == from)
            return new(path, ProjectFileChange.Replaced, own, to);
        var (text, hasConflicts) = await merge(path, own, from ?? "", to);
        return hasConflicts ? new(path, ProjectFileChange.Conflicted, own, text)
            : text == own ? null : new(path, ProjectFileChange.Merged, own, text);
    }
}
