using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The files of one log, the oldest first: an event that a rotation cut goes on in the next one.</summary>
/// <param name="Path">Of the file that is being written.</param>
/// <param name="Files">All of them that are there.</param>
internal sealed record SourceSeries(string Path, IReadOnlyList<string> Files)
{
    private DateTimeOffset Written => FileFacts.TimeOf(Files[^1]);

    /// <summary>The logs of a plan that are there now.</summary>
    internal static IReadOnlyList<SourceSeries> Of(RelogPlan plan) =>
        plan.Folder is { } folder ? UserFiles.Use(plan.User, folder, () => Search(plan)) : Search(plan);

    private static IReadOnlyList<SourceSeries> Search(RelogPlan plan)
    {
        IEnumerable<string> paths = plan.Files.Concat(plan.Logs.SelectMany(Find));
        if (plan.CapturedLog is { } captured)
            paths = paths.Concat(Find(captured));
        if (plan is { Folder: { } folder, Pattern: { } pattern })
            paths = paths.Concat(Find(folder, pattern, plan.Results ?? folder));
        return Of(paths);
    }

    /// <summary>Sorts files into their logs; the log that was written longest ago comes first.</summary>
    internal static IReadOnlyList<SourceSeries> Of(IEnumerable<string> paths)
    {
        // No query over anonymous pairs: compiling one takes longer than reading a log of 100 MB.
        Dictionary<string, List<RotatedName>> logs = new(StringComparer.Ordinal);
        foreach (string path in new HashSet<string>(paths, StringComparer.Ordinal))
        {
            RotatedName name = RotatedName.Of(path);
            if (!logs.TryGetValue(name.Log, out List<RotatedName>? files))
                logs[name.Log] = files = [];
            files.Add(name);
        }

        List<SourceSeries> all = [];
        foreach (var (log, files) in logs)
        {
            files.Sort();
            all.Add(new SourceSeries(log, files.ConvertAll(file => file.Path)));
        }

        all.Sort((one, other) =>
            DateTimeOffset.Compare(one.Written, other.Written) is var order && order != 0
                ? order : string.CompareOrdinal(one.Path, other.Path));
        return all;
    }

    /// <summary>The files of a folder, and of those below it, whose path the pattern finds; never relog's own.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: the pattern takes too long.</exception>
    internal static IEnumerable<string> Find(string folder, Regex pattern, string results)
    {
        if (!Directory.Exists(folder))
            return [];
        string own = results + System.IO.Path.DirectorySeparatorChar;
        return FilesBelow(folder, [])
            .Where(path => !path.StartsWith(own, StringComparison.Ordinal) && IsMatch(pattern, path) && !IsCompressing(path));
    }

    /// <summary>Each folder once, by whatever links it is reached: two that lead back would otherwise be a folder without an end.</summary>
    private static IEnumerable<string> FilesBelow(string folder, HashSet<FileIdentity> seen)
    {
        EnumerationOptions everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        if (FileFacts.TryOf(folder) is not { } facts || !seen.Add(facts.Identity))
            return [];
        return Directory.EnumerateFiles(folder, "*", everything)
            .Concat(Directory.EnumerateDirectories(folder, "*", everything).SelectMany(inner => FilesBelow(inner, seen)));
    }

    private static bool IsMatch(Regex pattern, string path)
    {
        try
        {
            return pattern.IsMatch(path);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new ServiceCtlException(
                ErrorCode.ConfigInvalid, "RELOG_FILES", $"The pattern '{pattern}' of RELOG_FILES takes longer than a second for {path}.",
                ConfiguredPattern.Advice, error);
        }
    }

    /// <summary>A log with its rotated files.</summary>
    internal static IEnumerable<string> Find(string log) =>
        LogSuffix.SuffixesOf(log).Where(suffix => LogSuffix.NumberOf(suffix) is not null).Select(suffix => log + suffix)
            .Concat(File.Exists(log) ? [log] : []).Where(path => !IsCompressing(path));

    /// <summary>While both are there, the compressed one may not be complete.</summary>
    private static bool IsCompressing(string path) =>
        path.EndsWith(LogSuffix.Compressed, StringComparison.Ordinal) && File.Exists(path[..^LogSuffix.Compressed.Length]);
}
