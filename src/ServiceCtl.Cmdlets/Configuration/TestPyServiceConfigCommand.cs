using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceConfig", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceConfigCheck))]
public sealed class TestPyServiceConfigCommand : ServiceConfigCommand
{
    /// <summary>Put the effective values and their sources into the result.</summary>
    [Parameter]
    public SwitchParameter IncludeValues { get; set; }

    private protected override async Task ActAsync(EngineCall call, ConfigQuery target) =>
        call.WriteObject(await ConfigurationVerbs.CheckAsync(target, IncludeValues, call.Cancellation));
}
