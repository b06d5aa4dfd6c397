using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Disable, Noun, DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class DisablePyServiceCommand : BootCommand
{
    private protected override BootStart Start => BootStart.Disabled;

    private protected override string Intention => "Start no longer at boot";
}
