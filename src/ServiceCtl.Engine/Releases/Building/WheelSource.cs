using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Packaging;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>
/// A wheel, built of what is committed or found where deploy.yaml says, and those files of the commit that are no part of it. It lies in
/// the release, so that its virtualenv can be made again.
/// </summary>
/// <param name="settings">What is deployed.</param>
/// <param name="user">Whose files the release's are; null: this process's.</param>
/// <param name="localUser">Who builds, where root does not itself.</param>
internal sealed class WheelSource(DeploySettings settings, string? user, string? localUser) : IReleaseSource
{
    /// <summary>The folder of a release that holds its wheel.</summary>
    public const string Folder = ".wheel";

    private static readonly string[] Usual =
    [
        "config.yaml", "config.yml", "config.toml", "config.json", "config.ini", "config", "etc", "tests.yaml", "requirements.txt",
    ];

    private readonly CheckoutSource _checkout = new(settings, user);

    public Repository? Repository => _checkout.Repository;

    private Repository Checkout => _checkout.Repository!;

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await _checkout.CheckAsync(cancellation);
        // One that is named may be made by `build.run`, later.
        if (settings.Wheel is null)
            await Builder(settings.Folder, null).ToolAsync("/", cancellation);
    }

    public Task<SourceRevision> PeekAsync(CancellationToken cancellation) => _checkout.PeekAsync(cancellation);

    public Task<SourceRevision> ResolveAsync(CancellationToken cancellation) => _checkout.PeekAsync(cancellation);

    public async Task UnpackAsync(SourceRevision revision, string folder, CancellationToken cancellation)
    {
        var path = await ArchivedTree.PathAsync(Checkout, settings.Tree, cancellation);
        await UnpackFilesAsync(revision, path, folder, cancellation);
        var place = Directory.CreateTempSubdirectory("servicectl-wheel-");
        try
        {
            string source = place.CreateSubdirectory("source").FullName, wheel = place.CreateSubdirectory(Folder).FullName;
            if (localUser is not null)
                FileOwner.SetAll(place.FullName, localUser);
            if (settings.Wheel is { } pattern)
            {
                var found = Find(pattern);
                await StreamedPair.RunAsync(TarFile.Pack(Path.GetDirectoryName(found)!, [$"./{Path.GetFileName(found)}"], []),
                    TarFile.Unpack(wheel, 0, localUser), $"Copying {found}", cancellation);
            }
            else
            {
                await ArchivedTree.UnpackAsync(Checkout, revision, path, source, localUser, cancellation);
                await Builder(source, revision.Time).BuildAsync(PackageKinds.Wheel, wheel, cancellation);
            }

            await StreamedPair.RunAsync(TarFile.Pack(place.FullName, [$"./{Folder}"], []), TarFile.Unpack(folder, 0, user),
                $"Copying the wheel into {folder}", cancellation);
        }
        finally
        {
            FolderTree.Delete(null, place.FullName);
        }
    }

    private PackageBuilder Builder(string folder, string? epoch) => new(
        folder, settings.Python.Contains('/') ? Path.GetFullPath(settings.Python, settings.Folder) : settings.Python, localUser, null)
    {
        Epoch = epoch,
    };

    private async Task UnpackFilesAsync(SourceRevision revision, string? path, string folder, CancellationToken cancellation)
    {
        var files = settings.SourceFiles ?? await UsualAsync(revision, path, cancellation);
        string[] inside = [.. files.Select(file => path is null ? file : $"{path}/{file}")];
        foreach (var file in inside)
        {
            if (await Checkout.TryAskAsync(cancellation, "cat-file", "-e", $"{revision.Commit}:{file}") is null)
                throw new ServiceCtlException(ErrorCode.InvalidArgument, file, $"{revision.Name} has no file {file}.",
                    "Correct `source.files`, or commit it.");
        }

        if (inside.Length > 0)
        {
            await StreamedPair.RunAsync(Checkout.Archive(revision.Commit!, inside),
                TarFile.Unpack(folder, path?.Split('/').Length ?? 0, user), $"Unpacking {string.Join(", ", files)}", cancellation);
        }
    }

    private async Task<IReadOnlyList<string>> UsualAsync(SourceRevision revision, string? path, CancellationToken cancellation)
    {
        var names = await Checkout.AskAsync($"{revision.Name} has no folder {path}", cancellation, "ls-tree", "--name-only",
            $"{revision.Commit}:{path}");
        return [.. Usual.Intersect(names.Split('\n'))];
    }

    private string Find(string pattern)
    {
        var path = Path.GetFullPath(pattern, settings.Folder);
        var folder = Path.GetDirectoryName(path)!;
        string[] found = !Directory.Exists(folder) ? []
            : [.. Directory.GetFiles(folder, Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        return found.Length == 1 ? found[0] : throw new ServiceCtlException(ErrorCode.InvalidArgument, path,
            found.Length == 0 ? $"There is no wheel {path}."
                : $"{path} fits {found.Length} wheels: {string.Join(", ", found.Select(Path.GetFileName))}.",
            found.Length == 0 ? "Have `build.run` make it, or take `source.wheel` away: it is built then."
                : "Delete those that are not meant, or name one.");
    }
}
