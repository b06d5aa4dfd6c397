using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsLifecycle.Restart, Noun, DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true)]
[OutputType(typeof(PyService))]
public sealed class RestartPyServiceCommand : OrderCommand
{
    /// <summary>Reload the code in the running server: no request is lost, and the server's own configuration is not read again.</summary>
    [Parameter]
    public SwitchParameter Hot { get; set; }

    private protected override ServiceAction Action => Hot ? ServiceAction.HotRestart : ServiceAction.Restart;

    private protected override string Intention => Hot ? "Reload its code in the running server" : "Replace its processes by new ones";

    private protected override string Activity => Hot ? "Hot-restarting services" : "Restarting services";
}
