namespace ServiceCtl.Engine.Services;

/// <summary>A file that gets the captured output as lines of JSON (<c>service.json_log</c>).</summary>
public sealed record JsonLogRule
{
    public required string File { get; init; }

    public long MaxSizeBytes { get; init; } = 512L << 20;

    /// <summary>Rotated files that are kept.</summary>
    public int Keep { get; init; } = 4;

    public bool Compress { get; init; } = true;

    /// <summary>So many equal lines a second are all written; null for any number.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>Of the equal lines beyond that, each so many-th.</summary>
    public int PassEvery { get; init; } = 100;
}
