using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsCommon.Lock, "PyServiceStage", SupportsShouldProcess = true)]
[OutputType(typeof(PyServiceStageLock))]
public sealed class LockPyServiceStageCommand : StageReachCommand
{
    /// <summary>Why; who is refused gets to read it.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Message { get; set; } = "";

    /// <summary>Write the lock.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess(Stage, "Block all deploys to it"))
            return;
        var place = Place;
        RunStage(async call =>
        {
            var held = await Releases(call).LockAsync(place, Stage, Message, call.Cancellation);
            if (PassThru)
                call.WriteObject(held);
        });
    }
}
