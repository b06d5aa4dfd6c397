using LibGit2Sharp;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Git;

/// <summary>Reads a checkout in process.</summary>
internal static class LibGit
{
    static LibGit()
    {
        // systemd gives a system's services no HOME (systemd.exec(5)), and what the user's configuration says of safe directories counts
        // all the same.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
            GlobalSettings.SetConfigSearchPaths(ConfigurationLevel.Global,
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
    }

    /// <exception cref="ForeignCheckoutException">This is root, and others can change the repository.</exception>
    public static GitReading Read(string folder)
    {
        // Not by Repository.Discover: libgit2 answers into an object, and native code passes none back.
        if (Checkout.FindRoot(folder) is not { } root)
            return GitReading.NoCheckout;
        if (Environment.IsPrivilegedProcess && !PlaceTrust.IsTrusted(Path.Combine(root, ".git")))
            throw new ForeignCheckoutException(root);

        try
        {
            using var repository = new Repository(root);
            return repository.Info.IsBare ? GitReading.NoCheckout : GitReading.Of(Describe(repository));
        }
        catch (LibGit2SharpException e) when (e.Message.Contains("is not owned by current user", StringComparison.Ordinal))
        {
            // libgit2 has an error code of its own for this (GIT_EOWNER), which LibGit2Sharp does not pass on.
            return GitReading.OfAnotherUser(root);
        }
    }

    private static GitRevision Describe(Repository repository)
    {
        var tip = repository.Head.Tip;
        return new GitRevision
        {
            Commit = tip?.Sha,
            Branch = repository.Info.IsHeadDetached ? null : repository.Head.FriendlyName,
            Dirty = IsDirty(repository, tip),
            Subject = tip?.MessageShort,
            CommittedAt = tip?.Committer.When,
        };
    }

    /// <summary>
    /// Two plain comparisons instead of RetrieveStatus: that one takes an untracked file in a submodule for a change of ours.
    /// </summary>
    private static bool IsDirty(Repository repository, Commit? tip)
    {
        using var staged = repository.Diff.Compare<TreeChanges>(tip?.Tree, DiffTargets.Index);
        if (staged.Count > 0)
            return true;

        using var changed = repository.Diff.Compare<TreeChanges>(paths: null, includeUntracked: false);
        return changed.Count > 0;
    }
}
