using System.Runtime.Versioning;
using System.Text;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Releases.Deploying;
using ServiceCtl.Engine.Releases.Fleet;
using ServiceCtl.Engine.Releases.Fleet.Orders;
using ServiceCtl.Engine.Releases.Tree;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>The end of a deploy that is on a host of its stage.</summary>
/// <param name="paths">Of the agent here.</param>
/// <param name="agent">What makes a release serve here.</param>
[SupportedOSPlatform("linux")]
internal sealed class HostDeploys(AgentPaths paths, IReleaseSwitch agent)
{
    /// <summary>Says that it is there, as <c>agent dial</c> does, and does what is ordered.</summary>
    public async Task ServeAsync(Stream input, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(
            Encoding.UTF8.GetBytes($"{DialWords.Hello}{ServiceCtlClient.Version}\n{DialWords.Ready}\n"), cancellation);
        await output.FlushAsync(cancellation);
        try
        {
            await new HostSession(input, output, ContextOf).RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Whoever deployed is gone, and what was at work is withdrawn.
        }
    }

    /// <exception cref="ServiceCtlException">It can't be deployed here.</exception>
    private DeployContext ContextOf(HostStage stage)
    {
        var settings = stage.Settings with { Via = stage.Form ?? stage.Settings.Via, Mask = SecretMask.Of(stage.Masked) };
        var service = ServiceName.Require(stage.Service);
        var actor = !Environment.IsPrivilegedProcess ? null
            : DeployActor.Of(DeployActor.PinnedOf(paths, service) ?? stage.User ?? "root", service, [settings.DeployTo]);
        var tree = new ReleaseTree(settings.DeployTo, actor);
        return new DeployContext
        {
            Settings = settings,
            Tree = tree,
            Service = service,
            By = stage.By,
            From = From(stage),
            Host = stage.Host,
            Secrets = stage.Secrets,
            Sent = new SentSource(settings, tree),
            Switch = agent,
            Time = TimeProvider.System,
        };
    }

    /// <summary>What the client says of itself, and what sshd knows of it.</summary>
    private static string From(HostStage stage)
    {
        var address = Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ')[0];
        var name = VisibleText.Line(stage.From).Replace(' ', '_');
        // sudo leaves nothing of ssh's variables.
        var login = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } sudoer
            ? $"{VisibleText.Line(sudoer)}, by sudo" : Environment.UserName;
        return $"{name} ({(address is null ? "" : $"{address}, ")}as {login})";
    }
}
