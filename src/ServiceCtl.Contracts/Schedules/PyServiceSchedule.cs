namespace ServiceCtl.Contracts;

/// <summary>A schedule of a service: an item of its <c>service.schedule</c>.</summary>
public sealed record PyServiceSchedule
{
    public required string Service { get; init; }

    public required string Name { get; init; }

    public required string Cron { get; init; }

    /// <summary>By its name in the time zone database; null for the host's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The program with its arguments, or the order.</summary>
    public required string Does { get; init; }

    /// <summary>The next run; null while the service is stopped, except for <c>start</c> and <c>stop</c>.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Is it running?</summary>
    public bool IsRunning { get; init; }

    /// <summary>When the last run started; null before the first.</summary>
    public DateTimeOffset? LastStarted { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>Its result, or that of a time since at which it did not run.</summary>
    public ScheduleOutcome? LastOutcome { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string? LastMessage { get; init; }

    /// <summary>How many times passed without a run.</summary>
    public int Missed { get; init; }

    /// <summary>The log that gets what its program prints; null for an order.</summary>
    public string? LogPath { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
