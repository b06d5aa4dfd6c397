using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Bundles of one commit, in files: one for all receivers that have the same.</summary>
internal sealed class StagedBundles(Repository checkout, string commit) : IDisposable
{
    /// <summary>What each is called, in a folder of its own.</summary>
    public const string Name = "code.bundle";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("servicectl-bundle-");
    private readonly Dictionary<string, string?> _files = [];

    /// <summary>How many bytes they have, each counted once.</summary>
    public long Size => _files.Values.OfType<string>().Sum(file => new FileInfo(file).Length);

    /// <param name="held">The commits that the receiver has.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The file; null where the receiver has the commit.</returns>
    /// <exception cref="ServiceCtlException">It can't be made.</exception>
    public async Task<string?> ForAsync(IReadOnlyList<string> held, CancellationToken cancellation)
    {
        var known = await GitBundle.SharedAsync(checkout, held, cancellation);
        var key = string.Join(' ', known);
        if (_files.TryGetValue(key, out var made))
            return made;
        if (await GitBundle.IsInAsync(checkout, commit, known, cancellation))
            return _files[key] = null;
        var path = Path.Combine(_folder.CreateSubdirectory($"{_files.Count}").FullName, Name);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            await GitBundle.WriteAsync(checkout, commit, known, file, cancellation);
        return _files[key] = path;
    }

    /// <summary>Lets another user read them.</summary>
    public void Give(string user)
    {
        foreach (var folder in _folder.GetDirectories())
            FileOwner.SetAll(folder.FullName, user);
        FileOwner.SetAll(_folder.FullName, user);
    }

    public void Dispose() => FolderTree.Delete(null, _folder.FullName);
}
