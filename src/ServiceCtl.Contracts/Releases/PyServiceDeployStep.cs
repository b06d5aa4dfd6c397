namespace ServiceCtl.Contracts;

/// <summary>What one step of a deploy came to.</summary>
public sealed record PyServiceDeployStep
{
    /// <summary>The host that it was done on, as deploy.yaml calls it; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>Its name, as <c>unpack</c>, <c>templates</c>, <c>switch</c>.</summary>
    public required string Step { get; init; }

    public required OperationOutcome Outcome { get; init; }

    /// <summary>The outcome in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What the step's programs printed, secrets masked.</summary>
    public IReadOnlyList<string> Lines { get => field ?? []; init; }

    public TimeSpan Duration { get; init; }

    public override string ToString() => HostName is null ? $"{Step}: {Message}" : $"{HostName}: {Step}: {Message}";
}
