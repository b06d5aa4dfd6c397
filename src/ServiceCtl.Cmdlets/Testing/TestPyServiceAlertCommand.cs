using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, Noun + "Alert", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceAlertTest))]
public sealed class TestPyServiceAlertCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(async call =>
    {
        await OnEachAsync(call, await SelectAsync(call, _names), async (at, services) =>
        {
            if (services.Count == 0)
                return;
            foreach (var test in await at.Client.Alerts.TestAsync([.. services.Select(service => service.Name)], at.Cancellation))
                at.WriteObject(test);
        });
    });
}
