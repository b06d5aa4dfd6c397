using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Alerts;

/// <summary>How it stands with a destination.</summary>
internal sealed record DestinationRecord
{
    /// <summary>The number of the last event that it has heard of, or that was not for it.</summary>
    public long Done { get; init; }

    /// <summary>What it has heard of services that are not up.</summary>
    public IReadOnlyDictionary<string, ServiceCondition> Heard { get; init; } = new Dictionary<string, ServiceCondition>();

    /// <summary>Of those that have gone down of late.</summary>
    public IReadOnlyDictionary<string, FlapRecord> Flaps { get => field ?? new Dictionary<string, FlapRecord>(); init; }

    /// <summary>Is a service among them of which it is yet to be told that it has settled?</summary>
    [JsonIgnore]
    public bool AwaitsSettling => Flaps.Values.Any(flap => flap.IsFlapping);

    public long Sent { get; init; }

    public DateTimeOffset? LastSent { get; init; }

    public int Waiting { get; init; }

    public DateTimeOffset? NextTry { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? LastErrorAt { get; init; }

    public long Refused { get; init; }

    public long Lost { get; init; }
}
