using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Who is to hear of a failure, and in which words: <c>notify</c> of a rule.</summary>
public sealed record FailureNotify
{
    /// <summary>One or both.</summary>
    public required IReadOnlyList<AlertLevel> Levels { get; init; }

    /// <summary>Null: the rule's own code and text.</summary>
    public FailureWording? Usual { get; init; }

    /// <summary>For those who hear alerts of a level.</summary>
    public IReadOnlyDictionary<AlertLevel, FailureWording> ByLevel { get; init; } = new Dictionary<AlertLevel, FailureWording>();

    /// <summary>For those who hear alerts by a channel; these words come before those of a level.</summary>
    public IReadOnlyDictionary<AlertChannel, FailureWording> ByChannel { get; init; } = new Dictionary<AlertChannel, FailureWording>();

    /// <summary>The most urgent of the levels, as it is written.</summary>
    public string Level => Levels.Contains(AlertLevel.Critical) ? "critical" : "info";
}
