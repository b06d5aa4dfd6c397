using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets that can be about some of a stage's hosts only.</summary>
[SupportedOSPlatform("linux")]
public abstract class StageHostCommand : StageReachCommand
{
    private protected StageHostCommand()
    {
    }

    /// <summary>Only these hosts of the stage, as deploy.yaml or ssh call them; all of them when not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ComputerName", "Cn")]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(StageHostCompleter))]
    public string?[]? HostName { get; set; }

    /// <summary>Only hosts of the stage that have one of these roles.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Role { get; set; } = [];

    /// <summary>The verbs of releases, of these hosts.</summary>
    private protected override ReleaseVerbs Releases(EngineCall call) =>
        call.Client.Releases.Of([.. (HostName ?? []).OfType<string>().Where(name => name.Length > 0)], Role, Sudo);
}
