namespace ServiceCtl.Engine.Services;

/// <summary>What becomes of a service's output (<c>service.logs</c>).</summary>
public sealed record LogRule
{
    public long MaxSizeBytes { get; init; } = 1_000_000;

    /// <summary>A file that was begun longer ago is rotated before the next line; null: size alone decides.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Rotated files that are kept.</summary>
    public int Keep { get; init; } = 2;

    public bool Compress { get; init; }

    /// <summary>The syslog socket that gets the lines as well; null for none.</summary>
    public string? SyslogSocket { get; init; }
}
