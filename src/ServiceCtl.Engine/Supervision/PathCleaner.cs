namespace ServiceCtl.Engine.Supervision;

/// <summary>Clears <c>paths_to_delete</c>: files are removed, folders emptied but kept. Symbolic links are removed, never followed.</summary>
internal static class PathCleaner
{
    /// <returns>One sentence for each path that could not be cleared.</returns>
    public static IReadOnlyList<string> Clear(IReadOnlyList<string> paths)
    {
        var failures = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
                    Empty(path);
                else
                    File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path} of paths_to_delete could not be cleared: {error.Message}");
            }
        }

        return failures;
    }

    private static void Empty(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
                inner.Delete(recursive: true);
            else
                entry.Delete();
        }
    }
}
