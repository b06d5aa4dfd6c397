using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>How often a service has gone down of late, as a destination has heard it.</summary>
internal sealed record FlapRecord
{
    /// <summary>When it went down, within the time that counts; the oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Downs { get => field ?? []; init; }

    /// <summary>Is it told no more when it goes down and comes back, until that ends?</summary>
    public bool IsFlapping { get; init; }

    /// <summary>The last time it changed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The number of the event that tells of that.</summary>
    public long Sequence { get; init; }

    /// <summary>How urgent it is that it flaps.</summary>
    public AlertLevel Level { get; init; }
}
