using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun, DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyService))]
public sealed class GetPyServiceCommand : ServiceQueryCommand
{
    private readonly HashSet<(string? Host, string Name)> _written = [];

    /// <summary>Of the services chosen, those that are in one of these states.</summary>
    [Parameter]
    public ServiceState[] State { get; set; } = [];

    protected override void ProcessRecord()
    {
        var names = TakeNames();
        Run(async call =>
        {
            await OnEachAsync(call, await SelectAsync(call, names), (at, services) =>
            {
                foreach (var service in services.Where(service => State.Length == 0 || State.Contains(service.State)))
                {
                    if (_written.Add((service.HostName, service.Name)))
                        at.WriteObject(service);
                }

                return Task.CompletedTask;
            });
        });
    }
}
