using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Status", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceStatus))]
public sealed class GetPyServiceStatusCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    // Asking many services takes as long as asking one, so what the pipeline brings is asked for together.
    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(async call =>
    {
        var services = await SelectAsync(call, _names);
        await using var progress = new WorkProgress(call, "Asking services", services.Count);
        await OnEachAsync(call, services, async (at, chosen) =>
        {
            foreach (var names in chosen.Select(service => service.Name).Chunk(NamesAtOnce))
            {
                foreach (var status in await at.Client.Services.GetStatusAsync(names, at.Cancellation))
                {
                    progress.CountDone();
                    at.WriteObject(status);
                }
            }
        });
    });
}
