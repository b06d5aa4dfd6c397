using System.Management.Automation;
using ServiceCtl.Client;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

[Cmdlet(VerbsCommon.Get, Noun + "Log", DefaultParameterSetName = NameSet)]
[OutputType(typeof(LogLine))]
public sealed class GetPyServiceLogCommand : ServiceStreamCommand
{
    /// <summary>Up to this time: a time, or how long ago, as 10m. Not with -Follow.</summary>
    [Parameter]
    [Time]
    public DateTimeOffset? Until { get; set; }

    /// <summary>Lines that match this regular expression. Upper and lower case are the same, as with -match.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Pattern { get; set; }

    /// <summary>What the service prints, what its server logs by itself, or both.</summary>
    [Parameter]
    public LogOrigin Source { get; set; }

    private protected override async Task ReadAsync(
        EngineCall call, IReadOnlyList<(EngineCall At, IReadOnlyList<string> Names)> asked)
    {
        var known = asked.Where(one => one.Names.Count > 0).ToList();
        if (known.Count == 0)
            return;
        var lines = HostGroup.ReadLogsAsync(
            [.. known.Select(one => (one.At.Client, RequestFor(one.Names)))], error => ReportAsync(call, error), call.Cancellation);
        await foreach (var line in lines)
            await known[0].At.WriteObjectAsync(line);
    }

    private LogRequest RequestFor(IReadOnlyList<string> names) => new()
    {
        Services = names,
        Origin = Source,
        Tail = Tail,
        Since = Since,
        Until = Until,
        Pattern = Pattern,
        Follow = Follow,
    };
}
