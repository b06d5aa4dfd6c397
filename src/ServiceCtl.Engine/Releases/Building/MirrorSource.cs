using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>What is in another repository, by a mirror of it in <c>repo</c>, as Capistrano does it.</summary>
internal sealed class MirrorSource(DeploySettings settings, ReleaseTree tree) : IReleaseSource
{
    private readonly Repository _mirror = new(tree.Repo, tree.Actor?.User);
    private readonly Repository _checkout = Building.Repository.Of(settings.Folder);

    public Repository? Repository => tree.HasRepo ? _mirror : null;

    public async Task CheckAsync(CancellationToken cancellation)
    {
        var url = await UrlAsync(cancellation);
        await Above.AskAsync($"The repository {Masked(url)} can't be reached", cancellation, "ls-remote", "--", url, "HEAD");
    }

    public async Task<SourceRevision> PeekAsync(CancellationToken cancellation)
    {
        var url = await UrlAsync(cancellation);
        var refs = await Above.AskAsync($"The repository {Masked(url)} can't be reached", cancellation, "ls-remote", "--", url,
            settings.Revision, $"refs/tags/{settings.Revision}^{{}}");
        // Of a tag the commit it names comes last.
        return refs.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Split('\t')[0] is { Length: > 0 } commit
            ? new SourceRevision(settings.Revision, commit, null)
            : tree.HasRepo ? await _mirror.ResolveAsync(settings.Revision, cancellation)
            : new SourceRevision(settings.Revision, null, null);
    }

    public async Task<SourceRevision> ResolveAsync(CancellationToken cancellation)
    {
        var url = await UrlAsync(cancellation);
        var what = $"The repository {Masked(url)} can't be mirrored";
        // One that lives by bundles has no origin.
        if (tree.HasRepo && await _mirror.TryAskAsync(cancellation, "remote", "get-url", "origin") is not null)
        {
            await _mirror.AskAsync(what, cancellation, "remote", "set-url", "origin", url);
            await _mirror.AskAsync(what, cancellation, "remote", "update", "--prune");
        }
        else
        {
            await tree.MakeRepoAsync(
                folder => Above.AskAsync(what, cancellation, "clone", "--quiet", "--mirror", "--", url, folder));
        }

        return await _mirror.ResolveAsync(settings.Revision, cancellation);
    }

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation) =>
        await ArchivedTree.UnpackAsync(_mirror, revision, await ArchivedTree.PathAsync(_checkout, settings.Tree, cancellation), folder,
            tree.Actor?.User, cancellation);

    private static string Masked(string url) => Configuration.Masking.SecretPattern.MaskUrls(url);

    private Repository Above => new(Directory.Exists(tree.Root) ? tree.Root : "/", tree.Actor?.User);

    /// <summary>What is mirrored.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: nothing says it.</exception>
    public async Task<string> UrlAsync(CancellationToken cancellation) =>
        settings.Repository ?? await _checkout.TryAskAsync(cancellation, "remote", "get-url", "origin") ?? throw new ServiceCtlException(
            ErrorCode.ConfigInvalid, settings.Files[^1], $"Nothing says what is mirrored: {settings.Folder} has no remote 'origin'.",
            "Write `source.repository`.");
}
