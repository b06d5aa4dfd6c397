using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Clears <c>paths_to_delete</c>: files are removed, folders emptied but kept. A link at the end of a path is removed, never followed; one
/// in the middle leads where the service's user may delete, and nowhere else.
/// </summary>
internal static class PathCleaner
{
    /// <returns>One sentence for each path that could not be cleared.</returns>
    public static IReadOnlyList<string> Clear(ServiceDefinition definition)
    {
        var failures = new List<string>();
        foreach (var path in definition.PathsToDelete)
        {
            try
            {
                if (IsFolder(path))
                    UserFiles.Use(definition.Actor, path, () => FolderTree.Empty(path));
                else
                    UserFiles.Use(definition.Actor, Path.GetDirectoryName(path)!, () => File.Delete(path));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                failures.Add($"{path} of paths_to_delete could not be cleared: {error.Message}");
            }
        }

        return failures;
    }

    private static bool IsFolder(string path) => Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null;
}
