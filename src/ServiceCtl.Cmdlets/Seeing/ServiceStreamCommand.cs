using System.Management.Automation;
using ServiceCtl.Cmdlets.Pipeline;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets that tell what services did, and go on with -Follow. What the pipeline brings is gathered first, so that it is reported
/// together. They start no agent.
/// </summary>
public abstract class ServiceStreamCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    private protected ServiceStreamCommand()
    {
    }

    /// <summary>The last ones only; all when not given, and 10 with -Follow alone.</summary>
    [Parameter]
    [Alias("Last")]
    [ValidateRange(0, int.MaxValue)]
    public int? Tail { get; set; }

    /// <summary>From this time on: a time, or how long ago, as 10m.</summary>
    [Parameter]
    [Time]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Go on with what comes, until Ctrl+C.</summary>
    [Parameter]
    [Alias("Wait")]
    public SwitchParameter Follow { get; set; }

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(async call =>
    {
        var asked = new List<(EngineCall At, IReadOnlyList<string> Names)>();
        await OnEachAsync(call, _names, async (at, _, given) =>
        {
            var names = await SelectNamesAsync(at, given);
            lock (asked)
            {
                if (names.Count > 0 || IsUnselected)
                    asked.Add((at, names));
            }
        });
        if (asked.Count > 0)
            await ReadAsync(call, asked);
    });

    /// <summary>No service was chosen or left out, so that all are meant.</summary>
    private protected bool IsUnselected => _names.TrueForAll(choice => choice.Name == "*") && Include.Length == 0 && Exclude.Length == 0;

    /// <param name="call">Where errors of single hosts go.</param>
    /// <param name="asked">The names on each host, and where what comes of them is written.</param>
    private protected abstract Task ReadAsync(EngineCall call, IReadOnlyList<(EngineCall At, IReadOnlyList<string> Names)> asked);

    private protected static Task ReportAsync(EngineCall call, ErrorReport error)
    {
        call.WriteError(error, error.Target);
        return Task.CompletedTask;
    }
}
