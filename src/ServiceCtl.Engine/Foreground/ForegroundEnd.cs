using ServiceCtl.Contracts;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Foreground;

/// <summary>A failure of a service in the foreground, and what its rules say to it.</summary>
/// <param name="Plan">What follows.</param>
/// <param name="Problem">What the user gets to read when nothing does.</param>
internal sealed record ForegroundEnd(FailurePlan Plan, ErrorReport Problem);
