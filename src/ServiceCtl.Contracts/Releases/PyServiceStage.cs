namespace ServiceCtl.Contracts;

/// <summary>A place that a service is deployed to.</summary>
public sealed record PyServiceStage
{
    public required string Stage { get; init; }

    public required string Service { get; init; }

    /// <summary>The folder of the deploy.yaml that describes it.</summary>
    public required string Folder { get; init; }

    /// <summary>Where its releases are.</summary>
    public required string DeployTo { get; init; }

    /// <summary>The files that describe it, the later ones winning.</summary>
    public IReadOnlyList<string> Files { get => field ?? []; init; }

    /// <summary>The hosts that it is deployed to; none for this one.</summary>
    public IReadOnlyList<string> Hosts { get => field ?? []; init; }

    /// <summary>The release that serves here; null where none does.</summary>
    public string? Current { get; init; }

    /// <summary>Its kept releases, failed ones among them.</summary>
    public int Releases { get; init; }

    /// <summary>Who holds its lock; null when nobody does.</summary>
    public PyServiceStageLock? Lock { get; init; }

    public override string ToString() => Stage;
}
