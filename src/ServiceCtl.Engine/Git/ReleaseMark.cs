using System.Globalization;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Git;

/// <summary>
/// The commit of a release that has no <c>.git</c>: what <c>release.json</c>, or Capistrano's <c>REVISION</c> and <c>REVISION_TIME</c>,
/// say.
/// </summary>
internal static class ReleaseMark
{
    private const string Releases = "releases";
    private const int Longest = 64 * 1024;

    /// <summary>
    /// Of this folder; below a folder of releases, of the nearest one up to the release. Nowhere else: a status asks for each service.
    /// </summary>
    /// <returns>Null where there is none, or a checkout comes first.</returns>
    public static GitRevision? TryRead(string folder)
    {
        var top = TopOf(folder);
        for (var at = folder; ; at = Path.GetDirectoryName(at)!)
        {
            var (record, mark) = (Path.Combine(at, "release.json"), Path.Combine(at, "REVISION"));
            var (hasRecord, hasMark) = (IsFile(record), IsFile(mark));
            if ((hasRecord || hasMark || at != top) && Path.Exists(Path.Combine(at, ".git")))
                return null;
            if (hasRecord && OfRecord(record) is { } written)
                return written with { CommittedAt = written.CommittedAt ?? TimeIn(at) };
            if (hasMark && CommitIn(Read(mark)) is { } commit)
                return new GitRevision { Commit = commit, CommittedAt = TimeIn(at) };
            if (at == top)
                return null;
        }
    }

    private static bool IsFile(string path) => FileFacts.TryOf(path) is { IsFolder: false };

    private static string TopOf(string folder)
    {
        for (var at = folder; Path.GetDirectoryName(at) is { } above; at = above)
        {
            if (Path.GetFileName(above) == Releases)
                return at;
        }

        return folder;
    }

    private static GitRevision? OfRecord(string path)
    {
        try
        {
            using var record = JsonDocument.Parse(Read(path));
            return record.RootElement is { ValueKind: JsonValueKind.Object } root && CommitIn(TextOf(root, "commit")) is { } commit
                ? new GitRevision { Commit = commit, Branch = TextOf(root, "branch"), Subject = TextOf(root, "subject") } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? TimeIn(string folder) => Path.Combine(folder, "REVISION_TIME") is var file && File.Exists(file)
        && long.TryParse(Read(file).Trim(), CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1L << 36
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToLocalTime() : null;

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    /// <summary>A file of that name that says something else is nobody's mark.</summary>
    private static string? CommitIn(string? text) =>
        text?.Trim() is { Length: >= 7 and <= 64 } commit && commit.All(char.IsAsciiHexDigit) ? commit : null;

    /// <summary>Where others than root can change it, with the rights of whose it is.</summary>
    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(UserFiles.ReadAll(FileOwner.Find(Path.GetDirectoryName(path)!), path, Longest));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ServiceCtlException)
        {
            return "";
        }
    }
}
