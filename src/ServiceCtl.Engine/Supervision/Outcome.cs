using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What became of an order that did not fail.</summary>
internal sealed record Outcome(OperationOutcome Kind, string Message, IReadOnlyList<string> Warnings);
