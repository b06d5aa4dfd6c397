using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Failures;

/// <summary>What is to be done about a failure.</summary>
/// <param name="Rule">That decided; null where none did, so that <c>service.restart</c> decides.</param>
/// <param name="Index">Its place among the rules, from 0; -1 for none.</param>
public sealed record FailureDecision(FailureRule? Rule, int Index)
{
    /// <summary>No rule is about this failure.</summary>
    public static FailureDecision None { get; } = new(null, -1);

    /// <summary>The wait before the next start; null where none follows by this rule.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Which start in a row it is, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Failures by this rule that made it too many; null where they are not.</summary>
    public int? GaveUpAfter { get; init; }

    /// <summary>Is the rule at rest, so that nothing is done but that the service is watched further?</summary>
    public bool IsAtRest { get; init; }

    /// <summary>Does <c>service.restart</c> decide what follows?</summary>
    public bool IsLeftToRestart => Rule is null or { Action: FailureAction.Record or FailureAction.Ignore };

    /// <summary>
    /// Does a service that lives go on? It does where no rule is about what it printed or about another one, or one only writes that down,
    /// and where a rule ignores that it does not answer.
    /// </summary>
    public bool LeavesAlone(FailureFacts facts) =>
        IsLeftToRestart && !facts.IsEnd && (!facts.IsUnhealthy || Rule is { Action: FailureAction.Ignore });
}
