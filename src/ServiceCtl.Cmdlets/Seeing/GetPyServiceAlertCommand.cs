using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Alert", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceAlert))]
public sealed class GetPyServiceAlertCommand : ServiceListCommand
{
    private protected override async Task WriteAsync(EngineCall at, IReadOnlyList<string> names)
    {
        foreach (var alert in await at.Client.Alerts.GetAsync(names, at.Cancellation))
            at.WriteObject(alert);
    }
}
