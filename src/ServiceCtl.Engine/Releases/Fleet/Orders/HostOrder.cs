using ServiceCtl.Engine.Releases.Building;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet.Orders;

/// <summary>What a host of a stage is to do next.</summary>
internal sealed record HostOrder
{
    public required HostOrderKind Kind { get; init; }

    /// <summary>Of <see cref="HostOrderKind.Open"/>.</summary>
    public HostStage? Stage { get; init; }

    public DeployPhase Phase { get; init; }

    /// <summary>Which release; of <see cref="DeployPhase.Updating"/>, the id of the one that is made.</summary>
    public string? Release { get; init; }

    /// <summary>What a release is made of.</summary>
    public SourceRevision? Revision { get; init; }

    /// <summary>Does its code follow? Otherwise the host gets it for itself.</summary>
    public bool HasCode { get; init; }

    /// <summary>The name of a hook or a step.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<string> Commands { get; init; } = [];

    /// <summary>Why: of a lock, or of a release that is given up.</summary>
    public string? Reason { get; init; }

    public bool IsForced { get; init; }
}
