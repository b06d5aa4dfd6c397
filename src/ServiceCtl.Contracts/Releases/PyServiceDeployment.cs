namespace ServiceCtl.Contracts;

/// <summary>What a deploy, a step of one, or a rollback came to.</summary>
public sealed record PyServiceDeployment
{
    public required string Service { get; init; }

    public required string Stage { get; init; }

    /// <summary>The release it was about; null where none was made or chosen.</summary>
    public PyServiceRelease? Release { get; init; }

    public required OperationOutcome Outcome { get; init; }

    /// <summary>Which host has what now; none where the stage has no hosts.</summary>
    public IReadOnlyList<PyServiceDeployedHost> Hosts { get => field ?? []; init; }

    public IReadOnlyList<PyServiceDeployStep> Steps { get => field ?? []; init; }

    /// <summary>Things worth knowing that stopped nothing.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Why it failed; null unless <see cref="Outcome"/> is <see cref="OperationOutcome.Failed"/>.</summary>
    public ErrorReport? Error { get; init; }
}
