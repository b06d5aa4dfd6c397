using System.Security;

namespace ServiceCtl.Engine.Configuration;

/// <summary>
/// Looks for configuration files in folders. Links are followed, each folder once, so that a circle of links ends.
/// The last pattern that fits a file decides, so that one with <c>!</c> takes away what an earlier one selects.
/// </summary>
public sealed class FileSearch
{
    /// <summary>A search in the wrong folder, such as /, ends here.</summary>
    private const int FolderLimit = 10_000;

    private readonly IReadOnlyList<FilePattern> _patterns;
    private readonly IReadOnlyList<string> _folders;

    /// <param name="patterns">What files are selected.</param>
    /// <param name="folders">Absolute, or relative to the project's folder; null for that folder itself.</param>
    public FileSearch(IEnumerable<FilePattern> patterns, IEnumerable<string>? folders = null)
    {
        _patterns = [.. patterns];
        _folders = folders is null ? ["."] : [.. folders];
    }

    /// <summary><c>config/**/main.{json,yaml}</c>, as CorDio promised.</summary>
    public static FileSearch Default { get; } = new([FilePattern.Parse("./config/**/main.{json,yaml}")]);

    /// <summary>The layout of a project: <c>config.*</c> at its root, and everything that can be read in <c>config</c> and <c>etc</c>.</summary>
    public static FileSearch Layout { get; } = new(
        [FilePattern.Parse($"/config.{Extensions}"), FilePattern.Parse($"/{{config,etc}}/**/*.{Extensions}")]);

    private static string Extensions =>
        $"{{{string.Join(',', ConfigurationFormat.All.SelectMany(format => format.Extensions).Select(extension => extension[1..]))}}}";

    /// <summary>The files that are selected, ordered by their bare names, and by their paths where those are equal.</summary>
    /// <param name="project">Absolute; where relative folders start.</param>
    /// <param name="problems">Hears of folders that can't be searched. One that is not there is no fault.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyList<string> Find(string project, ProblemList problems, CancellationToken cancellation)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in _folders.Select(folder => Path.GetFullPath(folder, project)))
            Find(folder, found, problems, cancellation);
        return [.. found.OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal)];
    }

    private void Find(string folder, HashSet<string> found, ProblemList problems, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { folder };
        var waiting = new Queue<(string Path, string Real, string Relative)>([(folder, folder, "")]);
        while (waiting.TryDequeue(out var next))
        {
            cancellation.ThrowIfCancellationRequested();
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
                    new Origin(folder), null, $"There are more than {FolderLimit:N0} folders to search in.", "Search in the project's folder, or with a narrower pattern.");
                return;
            }
        }
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
            problems.Add(new Origin(folder), null, $"The folder can't be searched: {exception.Message}", "Check its permissions, or search elsewhere.");
            return [];
        }
    }

    /// <summary>The path of a folder without the links on the way to it, as far as they were met.</summary>
    private static string RealPath(FileSystemInfo folder, string parent) =>
        folder.LinkTarget is null ? Path.Join(parent, folder.Name) : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
}
