using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceHost")]
[OutputType(typeof(HostCheck), typeof(bool))]
public sealed class TestPyServiceHostCommand : EngineCommand
{
    /// <summary>TCP ports that have to be free.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    /// <summary>Write $true when nothing that services need is missing, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override void ProcessRecord() => Run(async call =>
    {
        var isFit = true;
        await foreach (var check in EnvironmentVerbs.CheckHostAsync(Port, call.Cancellation))
        {
            isFit &= check.Outcome is not HostCheckOutcome.Failed;
            if (!Quiet)
                call.WriteObject(check);
        }

        if (Quiet)
            call.WriteObject(isFit);
    });
}
