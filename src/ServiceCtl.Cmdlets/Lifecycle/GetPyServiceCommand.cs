using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun, DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyService))]
public sealed class GetPyServiceCommand : ServiceQueryCommand
{
    private readonly HashSet<string> _written = [];

    /// <summary>Of the services chosen, those that are in one of these states.</summary>
    [Parameter]
    public ServiceState[] State { get; set; } = [];

    protected override void ProcessRecord()
    {
        var names = TakeNames();
        Run(async call =>
        {
            foreach (var service in await SelectAsync(call, names))
            {
                if ((State.Length == 0 || State.Contains(service.State)) && _written.Add(service.Name))
                    call.WriteObject(service);
            }
        });
    }
}
