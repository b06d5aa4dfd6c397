namespace ServiceCtl.Engine.Alerts;

/// <summary>What a receiver said to a message.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Words">The receiver's own, or why there are none; without secrets.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
internal sealed record AlertAnswer(AlertOutcome Outcome, string Words, TimeSpan? RetryAfter = null);
