using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>What a host says of an order: steps as they are done, then how it ended.</summary>
internal sealed record HostReport
{
    /// <summary>A step; then it is not the end.</summary>
    public PyServiceDeployStep? Step { get; init; }

    public ErrorReport? Error { get; init; }

    /// <summary>Every release that is there, the newest first.</summary>
    public IReadOnlyList<PyServiceRelease> Releases { get; init; } = [];

    public IReadOnlyList<HostCheck> Checks { get; init; } = [];

    public PyServiceDeployPlan? Plan { get; init; }

    /// <summary>The lock that was put, found or taken away.</summary>
    public PyServiceStageLock? Lock { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The commits that its mirror has, which bundles can leave out; of the opening alone.</summary>
    public IReadOnlyList<string> Held { get => field ?? []; init; } = [];

    /// <summary>What the work there took of the processors so far.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>Does it know canaries? An earlier version would serve the release to everybody at once.</summary>
    public bool KnowsCanaries { get; init; }

    /// <summary>Does it know by an order when a step comes? An earlier version would run an early one in a release that waits.</summary>
    public bool KnowsEarlySteps { get; init; }

    /// <summary>Does it know bundles, wheels, and what is built beside a mirror? An earlier version would deploy something else.</summary>
    public bool KnowsForms { get; init; }
}
