using System.Text.RegularExpressions;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Which logs to sort, and where to.</summary>
public sealed record RelogPlan
{
    /// <summary>Null for logs that were given by their path.</summary>
    public string? Service { get; init; }

    /// <summary>
    /// Whose the logs are, so that they are read, and the results written, with that user's rights; null: with this process's.
    /// </summary>
    public FileActor? User { get; init; }

    /// <summary>Where the results and what is remembered are kept, as an absolute path; null: nothing is written or remembered.</summary>
    public string? Results { get; init; }

    /// <summary>Single files.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Logs with their rotated files.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>
    /// One that our capture writes, with its rotated files: the times of its lines are known, and it rotates and deletes them.
    /// </summary>
    public string? CapturedLog { get; init; }

    /// <summary>A folder, in which <see cref="Pattern"/> finds logs.</summary>
    public string? Folder { get; init; }

    public Regex? Pattern { get; init; }

    /// <summary>
    /// Logs that were last written longer ago are deleted when they have been sorted; never those that are being written. Null: none.
    /// </summary>
    public TimeSpan? DeleteAfter { get; init; }

    /// <summary>Files that the service writes, whatever their age.</summary>
    public IReadOnlyList<string> InUse { get; init; } = [];

    /// <summary>Whether nothing more is expected: what has begun is complete as it is.</summary>
    public bool IsFinal { get; init; }

    /// <summary>
    /// Bytes. A result that has grown beyond that gets the suffix <c>.1</c>, in the place of an older one. Null: it grows.
    /// </summary>
    public long? LongestResult { get; init; }

    /// <summary>Our own capture's files are where we put them, whatever the configuration says.</summary>
    internal FileActor? ActorFor(string path) =>
        CapturedLog is { } own && path.StartsWith(own, StringComparison.Ordinal)
            && Path.GetDirectoryName(path) == Path.GetDirectoryName(own)
            ? User?.User
            : User;

    /// <summary>Whether what is remembered of one serves the other.</summary>
    internal bool IsSameAs(RelogPlan other) =>
        User == other.User && Results == other.Results && CapturedLog == other.CapturedLog && Folder == other.Folder
            && Pattern?.ToString() == other.Pattern?.ToString()
        && DeleteAfter == other.DeleteAfter && Logs.SequenceEqual(other.Logs);
}
