namespace ServiceCtl.Contracts;

/// <summary>Somebody who hears of a service, and how it stands with what was sent there. What waits and was sent is that of all services
/// that tell the same destination.</summary>
public sealed record PyServiceAlert
{
    public required string Service { get; init; }

    public required AlertChannel Channel { get; init; }

    /// <summary>Chat, host or address; never a token.</summary>
    public required string Destination { get; init; }

    /// <summary>What it hears; the critical ones go to those for information where nobody else is named.</summary>
    public IReadOnlyList<AlertLevel> Levels { get; init; } = [];

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

    /// <summary>How many events had left the journal before they could be looked at.</summary>
    public long Lost { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service} {Channel} {Destination}";
}
