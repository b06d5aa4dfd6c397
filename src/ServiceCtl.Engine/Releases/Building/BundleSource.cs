using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>What is committed in the checkout that holds deploy.yaml, brought into a mirror in <c>repo</c> by a bundle.</summary>
internal sealed class BundleSource(DeploySettings settings, ReleaseTree tree) : IReleaseSource
{
    private readonly CheckoutSource _checkout = new(settings, tree.Actor?.User);

    public Repository? Repository => _checkout.Repository;

    private Repository Checkout => _checkout.Repository!;

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await _checkout.CheckAsync(cancellation);
        await RequireWholeAsync(Checkout, cancellation);
    }

    public Task<SourceRevision> PeekAsync(CancellationToken cancellation) => _checkout.PeekAsync(cancellation);

    public Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => _checkout.PeekAsync(cancellation);

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation)
    {
        var mirror = new BundleMirror(tree);
        var path = await ArchivedTree.PathAsync(Checkout, settings.Tree, cancellation);
        var held = await mirror.HeldAsync(cancellation);
        using var bundles = new StagedBundles(Checkout, revision.Commit!);
        var bundle = await bundles.ForAsync(held, cancellation);
        if (bundle is not null && tree.Actor is { User: var user })
            bundles.Give(user);
        await mirror.UnpackAsync(revision, path, bundle, folder, cancellation);
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: what came before is not here, and could not be
    /// sent.</exception>
    public static async Task RequireWholeAsync(Repository checkout, CancellationToken cancellation)
    {
        if (await checkout.TryAskAsync(cancellation, "rev-parse", "--is-shallow-repository") == "true")
        {
            throw new ServiceCtlException(ErrorCode.InvalidState, checkout.Folder,
                $"{checkout.Folder} is a shallow clone: the commits before its first one are missing, and no bundle can be made of it.",
                "Fetch them ('git fetch --unshallow'), or write `via: archive`.");
        }
    }
}
