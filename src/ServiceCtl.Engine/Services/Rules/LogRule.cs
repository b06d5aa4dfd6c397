using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>What becomes of a service's output (<c>service.logs</c>).</summary>
public sealed record LogRule
{
    public long MaxSizeBytes { get; init; } = LogKeys.MaxSize.Usual;

    /// <summary>A file that was begun longer ago is rotated before the next line; null: size alone decides.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Rotated files that are kept.</summary>
    public int Keep { get; init; } = LogKeys.Keep.Usual;

    public bool Compress { get; init; } = LogKeys.Compress.Usual;

    /// <summary>The syslog socket that gets the lines as well; null for none.</summary>
    public string? SyslogSocket { get; init; }

    /// <summary>Where syslog's socket is, whoever writes to it.</summary>
    public string SyslogPath { get; init; } = LogKeys.SyslogSocket.Usual;
}
