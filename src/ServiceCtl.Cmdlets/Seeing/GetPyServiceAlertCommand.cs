using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Alert", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceAlert))]
public sealed class GetPyServiceAlertCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(async call =>
    {
        await OnEachAsync(call, await SelectAsync(call, _names), async (at, services) =>
        {
            if (services.Count == 0)
                return;
            foreach (var alert in await at.Client.Alerts.GetAsync([.. services.Select(service => service.Name)], at.Cancellation))
                at.WriteObject(alert);
        });
    });
}
