using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Start, Noun, DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class StartPyServiceCommand : OrderCommand
{
    private protected override ServiceAction Action => ServiceAction.Start;

    private protected override string Intention => "Start and wait until it is ready";

    private protected override string Activity => "Starting services";
}
