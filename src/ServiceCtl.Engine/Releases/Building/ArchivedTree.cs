using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>A part of a commit, unpacked.</summary>
internal static class ArchivedTree
{
    /// <summary>The path in the repository of a path relative to a folder of a checkout; null for the whole of it.</summary>
    public static async Task<string?> PathAsync(Repository checkout, string tree, CancellationToken cancellation)
    {
        var prefix = await checkout.TryAskAsync(cancellation, "rev-parse", "--show-prefix") ?? "";
        var path = Path.GetFullPath(tree, $"/{prefix}").Trim('/');
        return path.Length == 0 ? null : path;
    }

    /// <exception cref="ServiceCtlException">The commit has no such path, or it can't be unpacked.</exception>
    public static async Task UnpackAsync(
        Repository repository, SourceRevision revision, string? path, string folder, string? user, CancellationToken cancellation)
    {
        if (path is not null)
            await repository.AskAsync($"{revision.Name} has no folder {path}", cancellation, "cat-file", "-e",
                $"{revision.Commit}:{path}/");
        await StreamedPair.RunAsync(
            repository.Archive(revision.Commit!, path is null ? [] : [path]), TarFile.Unpack(folder, path?.Split('/').Length ?? 0, user),
            $"Unpacking {revision.Name} ({revision.Commit}) into {folder}", cancellation);
    }
}
