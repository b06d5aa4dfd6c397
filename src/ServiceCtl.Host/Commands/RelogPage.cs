using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>What relog has found, for a person.</summary>
internal static class RelogPage
{
    public static IEnumerable<string> LinesOf(RelogGroup group)
    {
        yield return group.Service is null ? group.ToString() : $"{group.Service}: {group}";
        if (group.Message.Length > 0)
            yield return $"    {group.Message}";
        var last = group.LastSeen is { } time ? time.ToString("yyyy-MM-dd HH:mm:ss", ConsoleOutput.Culture) : "unknown";
        yield return $"    last: {last}{(group.Request is null ? "" : $", {group.Request}")}; new: {group.New}";
    }

    public static IEnumerable<string> LinesOf(RelogReport report)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Service ?? "files"}: {report.FilesProcessed} files: {report.LinesProcessed} lines processed, "
                + $"{report.LinesIgnored} ignored, {report.LinesWritten} written.");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Exceptions} uncaught exceptions and {report.Incidents} incidents of {report.Groups.Count} kinds, "
                + $"{report.InternalErrors} internal errors; {report.Uncertain} entries incomplete, mixed or of unknown origin.");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.BytesRead / 1e6:0.0} MB read in {report.Duration.TotalSeconds:0.00} s, {report.BytesPerSecond / 1e6:0} MB/s.");
        if (report.Folder is { } folder)
            yield return $"  Results: {folder}";
        foreach (var deleted in report.FilesDeleted)
            yield return $"  Deleted, being too old: {deleted}";
    }
}
