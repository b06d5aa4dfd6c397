using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Where a failure is written down, and how: <c>record</c> of a rule.</summary>
public sealed record FailureRecord
{
    public IReadOnlyList<FailureSink> Sinks { get; init; } = [FailureSink.Journal];

    /// <summary>Null: as usual for such an event.</summary>
    public ServiceEventLevel? Level { get; init; }

    /// <summary>What is written down instead of the rule's own code and text.</summary>
    public FailureWording? Wording { get; init; }

    /// <summary>Where to, beside the journal.</summary>
    public IEnumerable<FailureSink> Others => Sinks.Where(sink => sink is not FailureSink.Journal);

    public bool IsInJournal => Sinks.Contains(FailureSink.Journal);
}
