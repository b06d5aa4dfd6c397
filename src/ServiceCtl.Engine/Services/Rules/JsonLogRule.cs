using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>A file that gets the captured output as lines of JSON (<c>service.json_log</c>).</summary>
public sealed record JsonLogRule
{
    public required string File { get; init; }

    public long MaxSizeBytes { get; init; } = JsonLogKeys.MaxSize.Usual;

    /// <summary>Rotated files that are kept.</summary>
    public int Keep { get; init; } = JsonLogKeys.Keep.Usual;

    public bool Compress { get; init; } = JsonLogKeys.Compress.Usual;

    /// <summary>So many equal lines a second are all written; null for any number.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>Of the equal lines beyond that, each so many-th.</summary>
    public int PassEvery { get; init; } = JsonLogKeys.PassEvery.Usual;
}
