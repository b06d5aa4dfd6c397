using ServiceCtl.Cmdlets.Pipeline;

namespace ServiceCtl.Cmdlets;

/// <summary>
/// Cmdlets that list what services have. What the pipeline brings is gathered first, so that each host is asked once, about each service
/// once.
/// </summary>
public abstract class ServiceListCommand : ServiceQueryCommand
{
    private readonly List<ServiceChoice> _names = [];

    private protected ServiceListCommand()
    {
    }

    protected override void ProcessRecord() => _names.AddRange(TakeNames());

    protected override void EndProcessing() => Run(call => OnEachAsync(call, _names, async (at, _, given) =>
    {
        foreach (var names in (await SelectNamesAsync(at, given)).Chunk(NamesAtOnce))
            await WriteAsync(at, names);
    }));

    /// <param name="at">The host of the services, where what they have is written.</param>
    /// <param name="names">Some of the services, at least one.</param>
    private protected abstract Task WriteAsync(EngineCall at, IReadOnlyList<string> names);
}
