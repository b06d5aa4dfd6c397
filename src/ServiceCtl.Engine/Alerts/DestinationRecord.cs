namespace ServiceCtl.Engine.Alerts;

/// <summary>How it stands with a destination.</summary>
internal sealed record DestinationRecord
{
    /// <summary>The number of the last event that it has heard of, or that was not for it.</summary>
    public long Done { get; init; }

    /// <summary>What it has heard of services that are not up.</summary>
    public IReadOnlyDictionary<string, ServiceCondition> Heard { get; init; } = new Dictionary<string, ServiceCondition>();

    public long Sent { get; init; }

    public DateTimeOffset? LastSent { get; init; }

    public int Waiting { get; init; }

    public DateTimeOffset? NextTry { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    public long Refused { get; init; }

    public long Lost { get; init; }
}
