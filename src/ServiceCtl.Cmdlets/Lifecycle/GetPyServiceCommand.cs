using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun, DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyService))]
public sealed class GetPyServiceCommand : ServiceQueryCommand
{
    protected override void ProcessRecord() => Run(async call =>
    {
        foreach (var service in await SelectAsync(call, RecordNames))
            call.WriteObject(service);
    });
}
