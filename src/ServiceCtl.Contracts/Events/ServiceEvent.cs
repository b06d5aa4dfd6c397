namespace ServiceCtl.Contracts;

/// <summary>Something that happened to a service.</summary>
public sealed record ServiceEvent
{
    /// <summary>Counts the events of a user's agents on this host, from 1, without gaps; given when the event is published.</summary>
    public long Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Service { get; init; }

    public required ServiceEventKind Kind { get; init; }

    /// <summary>How bad it is: as the rule says that decided, or as usual for its kind; null from an agent that knows no levels.</summary>
    public ServiceEventLevel? Level { get; init; }

    public required string Message { get; init; }

    /// <summary>The keys that changed, with <see cref="ServiceEventKind.ConfigChanged"/>; null with the others.</summary>
    public IReadOnlyList<ConfigChange>? Changes { get; init; }

    /// <summary>How the process ended, with its last lines, where one did; secrets masked.</summary>
    public ExitReport? Exit { get; init; }

    /// <summary>What went wrong, with its code, the remedy and the last lines, where something did; secrets masked.</summary>
    public ErrorReport? Error { get; init; }

    /// <summary>What was decided about a failure, where there was one; <c>Get-PyServiceFailure</c> reads these.</summary>
    public PyServiceFailure? Failure { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Time:yyyy-MM-dd HH:mm:ss} {Service} {Kind}: {Message}";
}
