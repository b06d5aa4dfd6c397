using System.Runtime.Versioning;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;

namespace ServiceCtl.Client;

/// <summary>A stage as deploy.yaml describes it.</summary>
/// <param name="Context">What a deploy of it has to know, here.</param>
/// <param name="User">Whom the service is to run as, by its configuration; null where it says nothing.</param>
/// <param name="Hosts">The hosts that are meant; none for this one.</param>
/// <param name="IsSudo">Does whoever logs in there become root?</param>
[SupportedOSPlatform("linux")]
internal sealed record StageReading(DeployContext Context, string? User, IReadOnlyList<StageHost> Hosts, bool IsSudo)
{
    /// <summary>The same of its hosts; null where it is this host.</summary>
    /// <exception cref="ServiceCtlException">Nothing says what is mirrored.</exception>
    public async Task<FleetContext?> FleetAsync(CancellationToken cancellation) => Hosts.Count == 0 ? null
        : await FleetContext.MakeAsync(Context, User, Hosts, new SshDialler(IsSudo), cancellation);
}
