namespace ServiceCtl.Engine.Configuration.Search;

/// <summary>What a search looked at: a change of any of it may change the configuration.</summary>
public sealed class SearchTrace
{
    /// <summary>A pattern that goes through a whole project must not cost a watch for each of its folders.</summary>
    private const int FolderLimit = 256;

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    /// <summary>Absolute paths; they may not be there.</summary>
    public IReadOnlySet<string> Files => _files;

    /// <summary>Absolute paths of folders in which a new file counts; they may not be there.</summary>
    public IReadOnlySet<string> Folders => _folders;

    public void AddFile(string path) => _files.Add(path);

    internal void AddFolder(string path)
    {
        if (_folders.Count < FolderLimit)
            _folders.Add(path);
    }
}
