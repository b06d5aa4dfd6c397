using ServiceCtl.Engine.Failures;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What follows a failure.</summary>
/// <param name="Facts">What happened.</param>
/// <param name="Decision">What the rules said.</param>
/// <param name="Wait">Before the next start; null: none follows.</param>
/// <param name="Action">In a word: <c>restart</c>, <c>stop</c>, <c>finish</c>, <c>give up</c>, <c>none</c>.</param>
/// <param name="Attempt">Which start in a row it is, from 1.</param>
/// <param name="WhyNot">Why none follows, for the status.</param>
internal sealed record FailurePlan(
    FailureFacts Facts, FailureDecision Decision, TimeSpan? Wait, string Action, int Attempt, string? WhyNot);
