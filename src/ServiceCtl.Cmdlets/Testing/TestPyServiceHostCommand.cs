using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceHost")]
[OutputType(typeof(HostCheck))]
public sealed class TestPyServiceHostCommand : EngineCommand
{
    /// <summary>TCP ports that have to be free.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 65535)]
    public int[] Port { get; set; } = [];

    protected override void ProcessRecord() => Run(async call =>
    {
        await foreach (var check in EnvironmentVerbs.CheckHostAsync(Port, call.Cancellation))
            call.WriteObject(check);
    });
}
