using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>What came of a run.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Message">In words; of a program, how it ended.</param>
/// <param name="Exit">Of a program.</param>
/// <param name="Error">What stood in its way.</param>
internal sealed record JobResult(ScheduleOutcome Outcome, string Message, ExitReport? Exit = null, ErrorReport? Error = null);
