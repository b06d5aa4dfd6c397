using System.Globalization;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Finds the generations of a service that another agent left running, by what it wrote into their run folders. A process is taken
/// on only if pid and start time are those that were written; whatever has got its pid since is not touched. Processes that carry the
/// service's mark and belong to none of these are left over: helpers of a generation that ended while there was no agent, or one that
/// was spawned in the instant before the agent died.
/// </summary>
internal sealed class GenerationRecovery
{
    private readonly SupervisionContext _context;
    private readonly string _service;

    public GenerationRecovery(SupervisionContext context, string service)
    {
        _context = context;
        _service = service;
    }

    /// <param name="Serving">The newest that had been ready.</param>
    /// <param name="Living">All of them, the oldest first: also those that were starting, or draining, when the agent died.</param>
    /// <param name="LeftOver">What is to be ended, and was no generation's that lives.</param>
    /// <param name="HighestNumber">Of all that are or were there.</param>
    public sealed record Found(Generation? Serving, IReadOnlyList<Generation> Living, IReadOnlyList<ProcessScope> LeftOver, int HighestNumber);

    /// <param name="marked">Everything on this host that carries the service's mark.</param>
    public Found Find(IReadOnlyList<FoundScope> marked)
    {
        var living = new List<(Generation Generation, bool WasServing)>();
        var highest = marked.Select(scope => scope.Marker.Generation).DefaultIfEmpty().Max();
        foreach (var (number, folder) in Folders())
        {
            highest = Math.Max(highest, number);
            if (GenerationRecord.TryRead(folder) is { } record && ChildProcess.Adopt(record.Process, _context.Watcher) is { } process)
                living.Add((Take(record, process, folder), record.IsServing));
            else
                Directory.Delete(folder, recursive: true);
        }

        living.Sort((one, other) => one.Generation.Number.CompareTo(other.Generation.Number));
        var serving = living.LastOrDefault(item => item.WasServing).Generation;
        var leftOver = marked.Where(scope => living.TrueForAll(item => item.Generation.Number != scope.Marker.Generation)).Select(Attach);
        return new Found(serving, [.. living.Select(item => item.Generation)], [.. leftOver], highest);
    }

    private IEnumerable<(int Number, string Folder)> Folders()
    {
        var parent = _context.RunFolderOf(_service);
        if (!Directory.Exists(parent))
            yield break;
        foreach (var folder in Directory.GetDirectories(parent))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                yield return (number, folder);
        }
    }

    private ProcessScope Attach(FoundScope scope) => _context.Scopes.Attach(
        new ScopeSpec { Service = _service, Generation = scope.Marker.Generation }, scope.Main ?? scope.Members[0].Identity);

    private Generation Take(GenerationRecord record, ChildProcess process, string folder)
    {
        var runner = _context.RunnerOf(record.Definition);
        var launch = runner.Recognise(new LaunchRequest { Definition = record.Definition, RunFolder = folder, HasSocket = record.HasSocket });
        return new Generation
        {
            Number = record.Number,
            Definition = record.Definition,
            Launch = launch,
            Process = process,
            Scope = _context.Scopes.Attach(GenerationStarter.ScopeOf(record.Definition, record.Number), record.Process),
            Output = _context.Logs.Of(record.Definition),
            StartedAt = record.StartedAt,
            RunFolder = folder,
            HasSocket = record.HasSocket,
            Listen = runner.PlanSocket(record.Definition).Address,
            Log = _context.MarkLogs(record.Definition),
        };
    }
}
