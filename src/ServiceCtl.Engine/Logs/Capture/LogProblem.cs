
namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>Something about a captured log that its owner hears, once per occurrence.</summary>
public sealed record LogProblem
{
    public required string Service { get; init; }

    public required LogProblemKind Kind { get; init; }

    /// <summary>The log file.</summary>
    public required string File { get; init; }

    /// <summary>What happened, as a sentence.</summary>
    public required string Message { get; init; }

    public string? Advice { get; init; }

    /// <summary>With <see cref="LogProblemKind.WriteRecovered"/>: the bytes that are missing in the file.</summary>
    public long DroppedBytes { get; init; }

    /// <summary>With <see cref="LogProblemKind.WriteRecovered"/>: the line ends among them.</summary>
    public long DroppedLines { get; init; }

    public required DateTimeOffset At { get; init; }
}
