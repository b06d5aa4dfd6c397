using System.IO.Pipelines;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>
/// Code that was sent with the order: all of it, or a bundle of what a mirror lacks; where the host mirrors the repository for itself, only
/// which commit is meant.
/// </summary>
internal sealed class SentSource(DeploySettings settings, ReleaseTree tree) : IReleaseSource
{
    /// <summary>Where what was built is, in what is sent beside a mirror.</summary>
    public const string Built = "built";

    private readonly MirrorSource? _mirror = settings.Via == SourceVia.Mirror ? new MirrorSource(settings, tree) : null;
    private readonly BundleMirror? _bundles = settings.Via == SourceVia.Bundle ? new BundleMirror(tree) : null;

    private HostOrder? _order;
    private PipeReader? _code;

    public string? Id => _order?.Release;

    public Repository? Repository => _mirror?.Repository;

    private SourceRevision Revision => _order?.Revision ?? new SourceRevision("?", null, null);

    private string Received => Path.Combine(tree.Root, ".received");

    /// <summary>From now on it is about this order.</summary>
    public void Take(HostOrder order, PipeReader? code) => (_order, _code) = (order, code);

    /// <summary>The commits that need not be sent.</summary>
    public Task<IReadOnlyList<string>> HeldAsync(CancellationToken cancellation) =>
        _bundles?.HeldAsync(cancellation) ?? Task.FromResult<IReadOnlyList<string>>([]);

    public Task CheckAsync(CancellationToken cancellation) =>
        _mirror?.CheckAsync(cancellation) ?? _bundles?.RequireGitAsync(cancellation) ?? Task.CompletedTask;

    public Task<SourceRevision> PeekAsync(CancellationToken cancellation) => Task.FromResult(Revision);

    public async Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => _mirror is null ? Revision
        // All hosts get the same commit, also when the branch has moved meanwhile.
        : (await _mirror.ResolveAsync(cancellation)) with { Name = Revision.Name };

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation)
    {
        var what = $"Unpacking {revision.Name} ({revision.Commit}) into {folder}";
        if (_mirror is null && _bundles is null)
        {
            await StreamedPair.FeedAsync((_code ?? throw NoCode(folder)).AsStream(leaveOpen: true),
                TarFile.Unpack(folder, 0, tree.Actor?.User), what, cancellation);
            return;
        }

        FolderTree.Delete(tree.Actor, Received);
        UserFiles.MakeFolder(tree.Actor, Received);
        try
        {
            if (_code is { } code)
                await StreamedPair.FeedAsync(code.AsStream(leaveOpen: true), TarFile.Unpack(Received, 0, tree.Actor?.User), what,
                    cancellation);
            string bundle = Path.Combine(Received, StagedBundles.Name), built = Path.Combine(Received, Built);
            if (_mirror is not null)
                await _mirror.UnpackAsync(revision, folder, cancellation);
            else
                await _bundles!.UnpackAsync(revision, settings.Tree is "." ? null : settings.Tree,
                    tree.Use(() => File.Exists(bundle)) ? bundle : null, folder, cancellation);
            if (tree.Use(() => Directory.Exists(built)))
                await StreamedPair.RunAsync(
                    TarFile.Pack(built, ["."], []), TarFile.Unpack(folder, 0, tree.Actor?.User), what, cancellation);
        }
        finally
        {
            FolderTree.Delete(tree.Actor, Received);
        }
    }

    private static ServiceCtlException NoCode(string folder) =>
        new(ErrorCode.System, folder, "No code was sent.", "Deploy again.");
}
