namespace ServiceCtl.Contracts;

/// <summary>A line of the agent's answer to a <see cref="RelogRequest"/>: exactly one of its members is set.</summary>
public sealed record RelogEvent
{
    public OperationProgress? Progress { get; init; }

    public RelogReport? Report { get; init; }

    /// <summary>A service whose logs could not be sorted.</summary>
    public ErrorReport? Error { get; init; }
}
