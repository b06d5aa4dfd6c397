namespace ServiceCtl.Contracts;

/// <summary>One worker process, as its server tells of it.</summary>
public sealed record WorkerStatus
{
    public required int Id { get; init; }

    public required int Pid { get; init; }

    /// <summary>The server's own word: <c>idle</c>, <c>busy</c>, <c>cheap</c>, …</summary>
    public required string Status { get; init; }

    /// <summary>Has the worker loaded its application?</summary>
    public required bool HasApp { get; init; }

    public long Requests { get; init; }

    public long Exceptions { get; init; }

    /// <summary>Average response time.</summary>
    public TimeSpan AverageResponseTime { get; init; }

    /// <summary>Time that its requests took, all together.</summary>
    public TimeSpan RequestTime { get; init; }

    public int Respawns { get; init; }

    public override string ToString() => $"{Id}:{Pid} {Status}";
}
