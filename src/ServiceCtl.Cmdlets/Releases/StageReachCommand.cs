using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

/// <summary>Cmdlets that do something on the hosts of a stage.</summary>
[SupportedOSPlatform("linux")]
public abstract class StageReachCommand : StageCommand
{
    private protected StageReachCommand()
    {
    }

    /// <summary>As root on the hosts of the stage, by <c>sudo -n</c>.</summary>
    [Parameter]
    public SwitchParameter Sudo { get; set; }

    /// <summary>The verbs of releases, of these hosts.</summary>
    private protected virtual ReleaseVerbs Releases(EngineCall call) => call.Client.Releases.Of([], [], Sudo);
}
