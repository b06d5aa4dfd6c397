using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Clears <c>paths_to_delete</c>: files are removed, folders emptied but kept. A link at the end of a path is removed, never followed; one
/// in the middle leads where the service's user may delete, and nowhere else.
/// </summary>
internal static class PathCleaner
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <returns>One sentence for each path that could not be cleared.</returns>
    public static IReadOnlyList<string> Clear(ServiceDefinition definition)
    {
        var failures = new List<string>();
        foreach (var path in definition.PathsToDelete)
        {
            try
            {
                if (IsFolder(path))
                    UserFiles.Use(definition.User, path, () => Empty(path));
                else
                    UserFiles.Use(definition.User, Path.GetDirectoryName(path)!, () => File.Delete(path));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path} of paths_to_delete could not be cleared: {error.Message}");
            }
        }

        return failures;
    }

    /// <summary>Deletes what a folder holds. Links in it are removed, never followed.</summary>
    internal static void Empty(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } inner)
            {
                // One that its owner has closed is its owner's to open.
                if ((inner.UnixFileMode & OwnerOnly) != OwnerOnly)
                    inner.UnixFileMode |= OwnerOnly;
                Empty(inner.FullName);
            }

            entry.Delete();
        }
    }

    private static bool IsFolder(string path) => Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null;
}
