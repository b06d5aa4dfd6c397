using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Failures;

namespace ServiceCtl.Engine.Scheduling;

/// <summary>A program that a rule for failures runs, as the next agent has to know it.</summary>
internal sealed record QueuedHook
{
    public required IReadOnlyList<string> Command { get; init; }

    public TimeSpan Timeout { get; init; } = FailureHook.UsualTimeout;

    public required PyServiceFailure Failure { get; init; }

    /// <summary>Nobody knows how far it got, if another agent finds it like this.</summary>
    public bool HasBegun { get; init; }
}
