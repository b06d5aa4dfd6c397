using System.Runtime.Versioning;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Settings;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Reads a stage, and finds out whom it is deployed for.</summary>
/// <param name="paths">Of the agent here.</param>
/// <param name="agent">What makes a release serve here.</param>
/// <param name="hosts">Which hosts of the stage are meant; none for all.</param>
/// <param name="roles">The same by role.</param>
/// <param name="isSudo">Does whoever logs in there become root, by <c>sudo -n</c>?</param>
[SupportedOSPlatform("linux")]
internal sealed class StageReader(
    AgentPaths paths, IReleaseSwitch agent, IReadOnlyList<string> hosts, IReadOnlyList<string> roles, bool isSudo)
{
    public async Task<StageReading> ReadAsync(string folder, string stage, string? revision, CancellationToken cancellation)
    {
        var settings = await DeployReader.ReadAsync(folder, stage, cancellation);
        if (revision is not null)
        {
            settings = settings.Via != SourceVia.Folder ? settings with { Revision = revision } : throw new ServiceCtlException(
                ErrorCode.InvalidArgument, revision, "A folder has no revisions: `source.via` is `folder`.",
                "Deploy without one, or write `via: archive`.");
        }

        var definition = await DefineAsync(settings, cancellation);
        var service = ServiceName.Require(settings.Service ?? definition?.Definition.ConfiguredName ?? Path.GetFileName(settings.DeployTo));
        var chosen = FleetContext.Choose(settings, hosts, roles);
        if (isSudo && settings.Hosts.Count == 0)
            throw new ServiceCtlException(ErrorCode.InvalidArgument, stage,
                $"{stage} is this host, and sudo is for hosts that are reached over SSH.",
                "Deploy as root here, or write `hosts`.");
        foreach (var host in chosen)
            _ = HostAddress.Parse(host.Ssh);
        return new StageReading(
            new DeployContext
            {
                Settings = settings,
                // To other hosts nothing is deployed here: whose it is, is decided over there.
                Tree = new ReleaseTree(settings.DeployTo, chosen.Count > 0 ? null : ActorOf(settings, service, definition)),
                Service = service,
                By = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } sudoer
                    ? sudoer : Environment.UserName,
                Switch = agent,
                Time = TimeProvider.System,
            },
            definition?.Definition.User, chosen, isSudo);
    }

    /// <summary>The service's own configuration beside deploy.yaml; null where there is none that can be read.</summary>
    private static async Task<ServiceReading?> DefineAsync(DeploySettings settings, CancellationToken cancellation)
    {
        var folder = Path.GetFullPath(settings.Tree, settings.Folder);
        try
        {
            return ServiceSources.FindConfig(folder) is { } config
                ? await ServiceDefinitionReader.ReadWithConfigurationAsync(config, settings.Service, cancellation) : null;
        }
        catch (ServiceCtlException error) when (error.Code is ErrorCode.ConfigInvalid or ErrorCode.ConfigNotFound)
        {
            // What is deployed is judged in its release: here it may be in the middle of an edit.
            return null;
        }
    }

    /// <summary>Whom root deploys for: the user that the service was registered with; before that, whom its configuration names.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>: others than root could have root do it.</exception>
    private FileActor? ActorOf(DeploySettings settings, string service, ServiceReading? reading)
    {
        if (!Environment.IsPrivilegedProcess)
            return null;
        var pinned = DeployActor.PinnedOf(paths, service);
        if (pinned is null && reading is not null)
            PinnedUser.Require(reading, pinned);
        return DeployActor.Of(
            pinned ?? (reading is null ? "root" : PinnedUser.Of(reading.Definition)), service, [.. settings.Files, settings.DeployTo]);
    }
}
