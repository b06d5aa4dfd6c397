namespace ServiceCtl.Contracts;

/// <summary>What a deploy or a rollback came to on one of several hosts.</summary>
public sealed record PyServiceDeployedHost
{
    /// <summary>As deploy.yaml calls it.</summary>
    public required string HostName { get; init; }

    public required DeployedHostOutcome Outcome { get; init; }

    /// <summary>The release that serves there now; null where none does, or where nobody knows.</summary>
    public string? Current { get; init; }

    /// <summary>The release that served there before.</summary>
    public string? Before { get; init; }

    /// <summary>What its own work took of the processors there, its programs with it.</summary>
    public TimeSpan ProcessorTime { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public ErrorReport? Error { get; init; }

    public override string ToString() => $"{HostName}: {Outcome}, {Current ?? "nothing"} serves";
}
