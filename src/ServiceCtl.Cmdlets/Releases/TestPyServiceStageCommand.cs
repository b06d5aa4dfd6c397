using System.Management.Automation;
using System.Runtime.Versioning;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[SupportedOSPlatform("linux")]
[Cmdlet(VerbsDiagnostic.Test, "PyServiceStage")]
[OutputType(typeof(HostCheck), typeof(bool))]
public sealed class TestPyServiceStageCommand : StageHostCommand
{
    /// <summary>Write $true when nothing that a deploy needs is missing, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord()
    {
        var place = Place;
        RunStage(async call =>
        {
            var isFit = true;
            await foreach (var check in Releases(call).CheckAsync(place, Stage, call.Cancellation))
            {
                isFit &= check.Outcome is not HostCheckOutcome.Failed;
                if (!Quiet)
                    call.WriteObject(check, showsHost: check.HostName is not null);
            }

            if (Quiet)
                call.WriteObject(isFit);
        });
    }
}
