using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Event", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceEvent))]
public sealed class GetPyServiceEventCommand : ServiceStreamCommand
{
    /// <summary>Events of these kinds only.</summary>
    [Parameter]
    public ServiceEventKind[] Kind { get; set; } = [];

    /// <summary>Up to this time: a time, or how long ago, as 10m. Not with -Follow.</summary>
    [Parameter]
    [Time]
    public DateTimeOffset? Until { get; set; }

    private protected override async Task ReadAsync(EngineCall call, IReadOnlyList<string> names)
    {
        // Without a choice, also those of services that are no longer known.
        var request = new EventRequest { Services = IsUnselected ? [] : names, Kinds = Kind, Tail = Tail, Since = Since, Until = Until, Follow = Follow };
        await foreach (var happened in call.Client.Events.ReadAsync(request, call.Cancellation))
            await call.WriteObjectAsync(happened);
    }
}
