using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Which failures a rule is about: everything that is given has to be so. Nothing given: each failure.</summary>
public sealed record FailureMatch
{
    /// <summary>Exit codes, any of them.</summary>
    public IReadOnlyList<int> Exits { get; init; } = [];

    /// <summary>Numbers of signals, any of them.</summary>
    public IReadOnlyList<int> Signals { get; init; } = [];

    public FailurePhase? Phase { get; init; }

    /// <summary>Is it about a service that lives, and does not answer its health probe?</summary>
    public bool IsUnhealthy { get; init; }

    public FailureMoment Moment { get; init; }

    /// <summary>So many within this time; the rule has matched none of them before, and counts from nothing after.</summary>
    public Rate? Rate { get; init; }

    /// <summary>As it is written in a configuration.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. Exits.Count > 0 ? [$"exit {string.Join(", ", Exits)}"] : Array.Empty<string>(),
            .. Signals.Count > 0 ? [$"signal {string.Join(", ", Signals.Select(Processes.Signals.NameOf))}"] : Array.Empty<string>(),
            .. Phase is { } phase ? [$"phase {phase.ToString().ToLowerInvariant()}"] : Array.Empty<string>(),
            .. IsUnhealthy ? ["health failing"] : Array.Empty<string>(),
            .. Moment is FailureMoment.Failed ? Array.Empty<string>() : [Moment is FailureMoment.GivenUp ? "given up" : "recovered"],
            .. Rate is { } rate ? [$"{rate.Count} in {rate.Window.TotalSeconds:0.###} s"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "each failure" : string.Join("; ", parts);
    }
}
