using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>What is committed in the checkout that holds deploy.yaml.</summary>
internal sealed class CheckoutSource(DeploySettings settings, string? user) : IReleaseSource
{
    private readonly Repository _repository = Building.Repository.Of(settings.Folder);

    public Repository? Repository => _repository;

    public Task CheckAsync(CancellationToken cancellation) => PeekAsync(cancellation);

    public async Task<SourceRevision> PeekAsync(CancellationToken cancellation)
    {
        await _repository.AskAsync($"{settings.Folder} is no checkout of git", cancellation, "rev-parse", "--git-dir");
        return await _repository.ResolveAsync(settings.Revision, cancellation);
    }

    public Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => PeekAsync(cancellation);

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation) =>
        await ArchivedTree.UnpackAsync(
            _repository, revision, await ArchivedTree.PathAsync(_repository, settings.Tree, cancellation), folder, user, cancellation);
}
