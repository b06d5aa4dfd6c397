namespace ServiceCtl.Contracts;

/// <summary>One line of the agent's answer to a <see cref="ServiceTestRequest"/>.</summary>
public sealed record ServiceTestEvent
{
    public required string Service { get; init; }

    /// <summary>Comes first of all.</summary>
    public ServiceOpening? Opening { get; init; }

    /// <summary>How many tests of this service follow.</summary>
    public int? Planned { get; init; }

    public PyServiceTestResult? Result { get; init; }

    /// <summary>Why tests of this service could not be run at all.</summary>
    public ErrorReport? Error { get; init; }
}
