using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Unlock, "PyServiceStage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceStageLock))]
public sealed class UnlockPyServiceStageCommand : StageReachCommand
{
    /// <summary>Take the lock from a deploy that is at work, too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Write the lock that was taken away.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Stage, "Take its lock away"))
            return;
        var place = Place;
        RunStage(async call =>
        {
            var held = await Releases(call).UnlockAsync(place, Stage, Force, call.Cancellation);
            if (PassThru && held is not null)
                call.WriteObject(held);
        });
    }
}
