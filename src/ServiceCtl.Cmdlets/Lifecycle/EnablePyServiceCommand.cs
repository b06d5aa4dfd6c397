using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Enable, Noun, DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class EnablePyServiceCommand : BootCommand
{
    private protected override BootStart Start => BootStart.Enabled;

    private protected override string Intention => "Start at every boot";

    private protected override async Task ActAsync(EngineCall call, IReadOnlyList<PyService> services)
    {
        await BootSetup.EnsureAsync(call);
        await base.ActAsync(call, services);
    }
}
