using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>What the next agent has to know of a schedule.</summary>
internal sealed record JobRecord
{
    /// <summary>Up to then, everything that was due was done, or reported.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Does a run go on? Found by another agent, it was cut off.</summary>
    public bool IsRunning { get; init; }

    public DateTimeOffset? Started { get; init; }

    public TimeSpan? Duration { get; init; }

    public ScheduleOutcome? Outcome { get; init; }

    public string? Message { get; init; }

    /// <summary>Of all times, those that nobody was there for.</summary>
    public int Missed { get; init; }
}
