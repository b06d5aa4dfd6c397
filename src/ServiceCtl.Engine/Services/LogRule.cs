namespace ServiceCtl.Engine.Services;

/// <summary>What becomes of a service's output (<c>service.logs</c>).</summary>
public sealed record LogRule
{
    public long MaxSizeBytes { get; init; } = 1_000_000;

    /// <summary>Rotated files that are kept.</summary>
    public int Keep { get; init; } = 2;

    public bool Compress { get; init; }
}
