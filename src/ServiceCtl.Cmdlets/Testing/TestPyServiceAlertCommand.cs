using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsDiagnostic.Test, Noun + "Alert", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceAlertTest))]
public sealed class TestPyServiceAlertCommand : ServiceListCommand
{
    private protected override async Task WriteAsync(EngineCall at, IReadOnlyList<string> names)
    {
        foreach (var test in await at.Client.Alerts.TestAsync(names, at.Cancellation))
            at.WriteObject(test);
    }
}
