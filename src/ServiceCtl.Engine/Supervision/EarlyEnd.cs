using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>How a process ended that was not ready yet: the cause of <see cref="ErrorCode.ExitedEarly"/>.</summary>
internal sealed class EarlyEnd(ExitReport exit) : Exception(exit.ToString())
{
    public ExitReport Exit { get; } = exit;

    /// <summary>Null for an error of another kind.</summary>
    public static ExitReport? Of(Exception error) => (error.InnerException as EarlyEnd)?.Exit;
}
