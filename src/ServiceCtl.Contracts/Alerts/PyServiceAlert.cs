namespace ServiceCtl.Contracts;

/// <summary>
/// A destination of a service's alerts: what was sent, what waits and the last error. Counts include every service that shares it.
/// </summary>
public sealed record PyServiceAlert
{
    public required string Service { get; init; }

    public required AlertChannel Channel { get; init; }

    /// <summary>Chat, host or address; never a token.</summary>
    public required string Destination { get; init; }

    /// <summary>What it gets; critical alerts go where the others go, unless they have a destination of their own.</summary>
    public IReadOnlyList<AlertLevel> Levels { get => field ?? []; init; }

    /// <summary>How many were delivered.</summary>
    public long Sent { get; init; }

    public DateTimeOffset? LastSent { get; init; }

    /// <summary>How many wait to be delivered.</summary>
    public int Waiting { get; init; }

    /// <summary>When it is tried again; null where nothing waits.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>Why the last one was not delivered; null when it was.</summary>
    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>How many alerts the receiver did not take as they were; they were not sent again.</summary>
    public long Refused { get; init; }

    /// <summary>How many events were lost from the journal before they could be sent.</summary>
    public long Lost { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service} {Channel} {Destination}";
}
