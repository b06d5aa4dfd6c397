using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Completion;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Event", DefaultParameterSetName = NameSet)]
[OutputType(typeof(ServiceEvent))]
public sealed class GetPyServiceEventCommand : ServiceStreamCommand
{
    private ServiceEventKind[] _kinds = [];

    /// <summary>Events of these kinds only, with * and ?.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EventKindCompleter))]
    [SupportsWildcards]
    public string[] Kind { get; set; } = [];

    /// <summary>Events that are at least so bad.</summary>
    [Parameter]
    public ServiceEventLevel? Level { get; set; }

    /// <summary>Up to this time: a time, or how long ago, as 10m. Not with -Follow.</summary>
    [Parameter]
    [Time]
    public DateTimeOffset? Until { get; set; }

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _kinds = [.. Kind.SelectMany(Find).Distinct()];
    }

    private protected override async Task ReadAsync(
        EngineCall call, IReadOnlyList<(EngineCall At, IReadOnlyList<string> Names)> asked)
    {
        var events = HostGroup.ReadEventsAsync(
            [.. asked.Select(one => (one.At.Client, RequestFor(one.Names)))], error => ReportAsync(call, error), call.Cancellation);
        await foreach (var happened in events)
            await asked[0].At.WriteObjectAsync(happened);
    }

    private EventRequest RequestFor(IReadOnlyList<string> names) => new()
    {
        // Without a choice, also those of services that are no longer known.
        Services = IsUnselected ? [] : names,
        Kinds = _kinds,
        Level = Level,
        Tail = Tail,
        Since = Since,
        Until = Until,
        Follow = Follow,
    };

    private IEnumerable<ServiceEventKind> Find(string pattern)
    {
        // What scripts of an earlier version ask for.
        if (pattern.Equals("Reloaded", StringComparison.OrdinalIgnoreCase))
            return [ServiceEventKind.HotRestarted];
        var wanted = new WildcardPattern(pattern, WildcardOptions.IgnoreCase);
        var found = Enum.GetValues<ServiceEventKind>().Where(kind => wanted.IsMatch(kind.ToString())).ToArray();
        if (found.Length == 0)
        {
            ThrowTerminatingError(ErrorRecords.Create(new ServiceCtlException(
                ErrorCode.InvalidArgument, pattern, $"No kind of event is called {pattern}.",
                $"The kinds are {string.Join(", ", Enum.GetNames<ServiceEventKind>())}.")));
        }

        return found;
    }
}
