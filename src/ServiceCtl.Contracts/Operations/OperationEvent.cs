namespace ServiceCtl.Contracts;

/// <summary>
/// One line of the agent's answer to an <see cref="OperationRequest"/>: a service's opening, a step, or what became of one service.
/// </summary>
public sealed record OperationEvent
{
    public ServiceOpening? Opening { get; init; }

    public OperationProgress? Progress { get; init; }

    public OperationResult? Result { get; init; }
}
