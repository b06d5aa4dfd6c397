using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Cmdlets.Completion;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Remove, "PyServiceRelease", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(void))]
public sealed class RemovePyServiceReleaseCommand : StageHostCommand
{
    /// <summary>The release to delete.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReleaseCompleter))]
    public string Release { get; set; } = "";

    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{Release} of {Stage}", "Delete the release"))
            return;
        var place = Place;
        RunStage(call => Releases(call).RemoveAsync(place, Stage, Release, call.Cancellation));
    }
}
