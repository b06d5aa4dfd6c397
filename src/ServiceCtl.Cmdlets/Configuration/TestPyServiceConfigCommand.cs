using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, "PyServiceConfig", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceConfigCheck), typeof(bool))]
public sealed class TestPyServiceConfigCommand : ServiceConfigCommand
{
    /// <summary>Put the effective values and their sources into the result.</summary>
    [Parameter]
    public SwitchParameter IncludeValues { get; set; }

    /// <summary>Write $true when all configurations are right, else $false, and nothing more.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private int _checked;
    private int _wrong;

    protected override void EndProcessing()
    {
        if (Quiet)
            WriteObject(_checked > 0 && _wrong == 0 && !HasMissed);
    }

    private protected override async Task ActAsync(EngineCall call, ConfigQuery target)
    {
        var check = await ConfigurationVerbs.CheckAsync(target, IncludeValues, call.Cancellation);
        _checked++;
        _wrong += check.IsValid ? 0 : 1;
        if (!Quiet)
            call.WriteObject(check);
    }
}
