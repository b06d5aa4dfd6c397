using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Logs;

/// <summary>What becomes of a captured log: the keys of <c>service.logs</c>.</summary>
public sealed record LogSettings
{
    /// <summary>
    /// Bytes. The line that reaches this size is finished, then the file is rotated; a line that has no end after another
    /// <see cref="RotatingLog.LongestKeptLine"/> goes on in the next file.
    /// </summary>
    public long MaxSize { get; init; } = LogKeys.MaxSize.Usual;

    /// <summary>A file that was begun longer ago is rotated before the next line. Null: size alone decides.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Rotated files that are kept; 0 keeps none.</summary>
    public int Keep { get; init; } = LogKeys.Keep.Usual;

    /// <summary>Whether rotated files are compressed with gzip, by a thread of low priority.</summary>
    public bool Compress { get; init; } = LogKeys.Compress.Usual;

    public static LogSettings Of(LogRule rule) => new()
    {
        MaxSize = rule.MaxSizeBytes,
        MaxAge = rule.MaxAge,
        Keep = rule.Keep,
        Compress = rule.Compress,
    };
}
