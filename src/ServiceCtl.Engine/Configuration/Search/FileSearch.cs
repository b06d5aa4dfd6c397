using System.Security;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Search;

/// <summary>
/// Looks for configuration files in folders. Links are followed, each folder once, so that a circle of links ends.
/// The last pattern that fits a file decides, so that one with <c>!</c> takes away what an earlier one selects.
/// </summary>
public sealed class FileSearch
{
    /// <summary>A search in the wrong folder, such as /, ends here.</summary>
    private const int FolderLimit = 10_000;

    private readonly IReadOnlyList<FilePattern> _patterns;

    /// <param name="patterns">What files are selected.</param>
    public FileSearch(IEnumerable<FilePattern> patterns) => _patterns = [.. patterns];

    /// <summary>Files by their bare names, and by their paths where those are equal.</summary>
    internal static IReadOnlyList<string> Ordered(IEnumerable<string> files) =>
        [.. files.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal)];

    /// <summary>The files that are selected, in order.</summary>
    /// <param name="folder">Absolute.</param>
    /// <param name="problems">Hears of folders that can't be searched. One that is not there is no fault.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="trace">Hears which folders were looked into.</param>
    public IReadOnlyList<string> Find(string folder, ProblemList problems, CancellationToken cancellation, SearchTrace? trace = null)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { folder };
        var waiting = new Queue<(string Path, string Real, string Relative)>([(folder, folder, "")]);
        while (waiting.TryDequeue(out var next))
        {
            cancellation.ThrowIfCancellationRequested();
            trace?.AddFolder(next.Path);
            foreach (var entry in EntriesOf(next.Path, problems))
            {
                var relative = next.Relative + entry.Name;
                if (!entry.Attributes.HasFlag(FileAttributes.Directory))
                {
                    if (_patterns.LastOrDefault(pattern => pattern.IsMatch(relative)) is { IsExclusion: false })
                        found.Add(entry.FullName);
                }
                else if (_patterns.Any(pattern => pattern.MayMatchBelow(relative)) && seen.Add(RealPath(entry, next.Real)))
                {
                    waiting.Enqueue((entry.FullName, RealPath(entry, next.Real), $"{relative}/"));
                }
            }

            if (seen.Count > FolderLimit)
            {
                problems.Add(
                    new Origin(folder), null, $"There are more than {FolderLimit:N0} folders to search in.",
                    "Search in the project's folder, or with a narrower pattern.");
                break;
            }
        }

        return Ordered(found);
    }

    private static List<FileSystemInfo> EntriesOf(string folder, ProblemList problems)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or SecurityException or IOException)
        {
            problems.Add(new Origin(folder), null, $"The folder can't be searched: {exception.Message}",
                "Check its permissions, or search elsewhere.");
            return [];
        }
    }

    /// <summary>The path of a folder without the links on the way to it, as far as they were met.</summary>
    private static string RealPath(FileSystemInfo folder, string parent) =>
        folder.LinkTarget is null ? Path.Join(parent, folder.Name) : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
}
