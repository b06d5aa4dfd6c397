using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Stop, Noun, DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class StopPyServiceCommand : OrderCommand
{
    private protected override ServiceAction Action => ServiceAction.Stop;

    private protected override string Intention => "Finish its requests and stop";

    private protected override string Activity => "Stopping services";
}
