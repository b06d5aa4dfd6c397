using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsData.Restore, "PyServiceRelease", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceDeployment))]
public sealed class RestorePyServiceReleaseCommand : StageHostCommand
{
    /// <summary>The release to go back to; the one before the one that serves when not given.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string? Release { get; set; }

    /// <summary>Don't ask, where deploy.yaml wants deploys to be confirmed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Stage, Release is null ? "Go back to the release before" : $"Go back to the release {Release}"))
            return;
        var place = Place;
        bool? mustAsk = null;
        RunStage(async call => mustAsk = !Force && await ReleaseVerbs.MustBeConfirmedAsync(place, Stage, call.Cancellation));
        if (mustAsk is not { } asks || (asks && !ShouldContinue($"Roll {Stage} back?", "deploy.yaml wants deploys to be confirmed")))
            return;
        RunStage(async call => Write(call,
            await Releases(call).RestoreAsync(place, Stage, Release, new Steps(call), call.Cancellation)));
    }
}
