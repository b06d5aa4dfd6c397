using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Failure", DefaultParameterSetName = NameSet)]
[OutputType(typeof(PyServiceFailure))]
public sealed class GetPyServiceFailureCommand : ServiceStreamCommand
{
    private protected override async Task ReadAsync(
        EngineCall call, IReadOnlyList<(EngineCall At, IReadOnlyList<string> Names)> asked)
    {
        var events = HostGroup.ReadEventsAsync(
            [.. asked.Select(one => (one.At.Client, RequestFor(one.Names)))], error => ReportAsync(call, error), call.Cancellation);
        await foreach (var failure in FailureVerbs.OfAsync(events, call.Cancellation))
            await asked[0].At.WriteObjectAsync(failure);
    }

    private EventRequest RequestFor(IReadOnlyList<string> names) => new()
    {
        Services = IsUnselected ? [] : names,
        OnlyFailures = true,
        Tail = Tail,
        Since = Since,
        Follow = Follow,
    };
}
