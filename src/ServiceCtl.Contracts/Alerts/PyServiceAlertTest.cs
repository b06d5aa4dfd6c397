namespace ServiceCtl.Contracts;

/// <summary>What a receiver answered to a test alert.</summary>
public sealed record PyServiceAlertTest
{
    public required string Service { get; init; }

    public required AlertChannel Channel { get; init; }

    /// <summary>Chat, host or address; never a token.</summary>
    public required string Destination { get; init; }

    public required bool Delivered { get; init; }

    /// <summary>The receiver's answer, or why there is none.</summary>
    public required string Answer { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service} {Channel} {Destination}: {Answer}";
}
