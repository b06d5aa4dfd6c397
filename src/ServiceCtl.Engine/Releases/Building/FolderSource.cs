using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>The folder of deploy.yaml as it is, committed or not.</summary>
internal sealed class FolderSource(DeploySettings settings, ReleaseTree tree) : IReleaseSource
{
    private readonly string _folder = Path.GetFullPath(settings.Tree, settings.Folder);
    private readonly Repository _repository = Building.Repository.Of(settings.Folder);

    public Repository? Repository => _repository;

    public Task CheckAsync(CancellationToken cancellation) => Directory.Exists(_folder) ? Task.CompletedTask
        : throw new ServiceCtlException(ErrorCode.InvalidArgument, _folder, $"There is no folder {_folder}.", "Correct `source.tree`.");

    public async Task<SourceRevision> PeekAsync(CancellationToken cancellation) =>
        await _repository.TryAskAsync(cancellation, "rev-parse", "--verify", "--quiet", "HEAD^{commit}") is null
            ? new SourceRevision(_folder, null, null) : await _repository.ResolveAsync("HEAD", cancellation);

    public Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => PeekAsync(cancellation);

    public Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation)
    {
        var root = Path.GetRelativePath(_folder, tree.Root);
        string[] left = root is ".." || root.StartsWith("../", StringComparison.Ordinal) ? [] : [$"./{root}"];
        return StreamedPair.RunAsync(TarFile.Pack(_folder, ["."], left), TarFile.Unpack(folder, 0, tree.Actor?.User),
            $"Copying {_folder} into {folder}", cancellation);
    }
}
