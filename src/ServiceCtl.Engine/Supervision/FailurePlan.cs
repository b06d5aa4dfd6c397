using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What follows a failure.</summary>
/// <param name="Facts">What happened.</param>
/// <param name="Decision">What the rules said.</param>
/// <param name="Wait">Before the next start; null: none follows.</param>
/// <param name="Action">In a word: <c>restart</c>, <c>stop</c>, <c>finish</c>, <c>give up</c>, <c>none</c>.</param>
/// <param name="Attempt">Which start in a row it is, from 1.</param>
/// <param name="WhyNot">Why none follows, for the status.</param>
internal sealed record FailurePlan(
    FailureFacts Facts, FailureDecision Decision, TimeSpan? Wait, string Action, int Attempt, string? WhyNot)
{
    /// <summary>The service that is started in the place of the one that has failed; null: none is.</summary>
    public string? StartsInstead =>
        Decision is { Rule: { Action: FailureAction.Start, Target: { } other }, GaveUpAfter: null } ? other : null;

    /// <summary>No start follows, and nothing has to be said of that.</summary>
    public static FailurePlan Nothing(FailureFacts facts, FailureDecision decision, int attempt = 0) =>
        new(facts, decision, null, "none", attempt, null);
}
