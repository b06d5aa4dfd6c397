namespace ServiceCtl.Contracts;

/// <summary>What is done for a service at set times: an item of its <c>service.schedule</c>.</summary>
public sealed record PyServiceSchedule
{
    public required string Service { get; init; }

    public required string Name { get; init; }

    public required string Cron { get; init; }

    /// <summary>By its name in the time zone database; null for the host's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The program with its arguments, or the order.</summary>
    public required string Does { get; init; }

    /// <summary>When it is done next; null while the service is not to run.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Does a run go on?</summary>
    public bool IsRunning { get; init; }

    /// <summary>When the last run began; null before the first.</summary>
    public DateTimeOffset? LastStarted { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>What came of it, or of the time since that was not used.</summary>
    public ScheduleOutcome? LastOutcome { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string? LastMessage { get; init; }

    /// <summary>Of all times, those that nobody was there for.</summary>
    public int Missed { get; init; }

    /// <summary>The log that gets what its program prints; null for an order.</summary>
    public string? LogPath { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }
}
