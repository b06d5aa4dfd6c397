using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>The mirror in <c>repo</c> that lives by bundles: it is never fetched into from anywhere.</summary>
internal sealed class BundleMirror(ReleaseTree tree)
{
    private readonly Repository _mirror = new(tree.Repo, tree.Actor?.User);

    /// <summary>What it has, the newest first.</summary>
    public async Task<IReadOnlyList<string>> HeldAsync(CancellationToken cancellation) =>
        tree.HasRepo ? await GitBundle.HeldAsync(_mirror, cancellation) : [];

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.RunnerMissing"/>: there is no git here.</exception>
    public Task RequireGitAsync(CancellationToken cancellation) =>
        new Repository("/", tree.Actor?.User).AskAsync("git can't be run", cancellation, "version");

    /// <summary>Unpacks a commit, which a bundle brings or the mirror has.</summary>
    /// <param name="revision">Which.</param>
    /// <param name="path">What of it; null for all.</param>
    /// <param name="bundle">A file that the tree's user can read; null where nothing had to be sent.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ServiceCtlException">The bundle is broken, or the mirror does not have the commit.</exception>
    public async Task UnpackAsync(
        SourceRevision revision, string? path, string? bundle, string folder, CancellationToken cancellation)
    {
        if (!tree.HasRepo)
            await MakeAsync(revision.Commit!, cancellation);
        if (bundle is not null)
            await GitBundle.TakeAsync(_mirror, bundle, cancellation);
        if (!await GitBundle.IsInAsync(_mirror, revision.Commit!, await HeldAsync(cancellation), cancellation))
        {
            throw new ServiceCtlException(ErrorCode.System, tree.Repo, $"{tree.Repo} has no commit {revision.Commit}.",
                $"Deploy again; if it stays so, delete {tree.Repo}: everything is sent then.");
        }

        await ArchivedTree.UnpackAsync(_mirror, revision, path, folder, tree.Actor?.User, cancellation);
    }

    private Task MakeAsync(string commit, CancellationToken cancellation) => tree.MakeRepoAsync(
        folder => new Repository(tree.Root, tree.Actor?.User).AskAsync($"{tree.Repo} can't be made", cancellation,
            "init", "--quiet", "--bare", $"--object-format={(commit.Length == 40 ? "sha1" : "sha256")}", "--", folder));
}
