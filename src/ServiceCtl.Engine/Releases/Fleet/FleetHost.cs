using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Engine.Releases.Fleet;

/// <summary>A host in a deploy: how it is spoken to, what it has, and how far it has come.</summary>
internal sealed class FleetHost(StageHost host)
{
    public StageHost Host => host;

    public string Name => host.Name;

    /// <summary>Null as long as it was not reached.</summary>
    public HostPeer? Peer { get; set; }

    public DeployedHostOutcome Outcome { get; set; }

    /// <summary>Was it ordered to switch?</summary>
    public bool IsSwitching { get; set; }

    /// <summary>What it had before.</summary>
    public string? Before { get; set; }

    /// <summary>What it has, the newest first, as it said last.</summary>
    public IReadOnlyList<PyServiceRelease> Releases { get; private set; } = [];

    /// <summary>The commits that it has already.</summary>
    public IReadOnlyList<string> Held { get; set; } = [];

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public ErrorReport? Error { get; private set; }

    public string? Current => Releases.FirstOrDefault(release => release.State == ReleaseState.Current)?.Id;

    public bool HasFailed => Error is not null;

    private TimeSpan Processor { get; set; }

    public PyServiceRelease? Find(string id) => Releases.FirstOrDefault(release => release.Id == id);

    public void See(HostReport report)
    {
        Releases = report.Releases ?? [];
        Warnings = report.Warnings ?? [];
        Processor = TimeSpan.FromSeconds(report.ProcessorSeconds);
    }

    /// <summary>It takes part in nothing any more. What serves there goes on serving.</summary>
    public void Fail(ErrorReport error)
    {
        Error = error;
        Outcome = DeployedHostOutcome.Failed;
    }

    public PyServiceDeployedHost Describe() => new()
    {
        HostName = Name,
        Outcome = Outcome,
        Current = Outcome == DeployedHostOutcome.Unknown ? null : Current,
        Before = Before,
        ProcessorTime = Processor,
        Error = Error,
    };
}
