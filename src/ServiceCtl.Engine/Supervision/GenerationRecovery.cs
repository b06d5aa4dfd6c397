using System.Globalization;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Finds the generations of a service that another agent left running, by what it wrote into their run folders. A process is taken
/// on only if pid and start time are those that were written; whatever has got its pid since is not touched. Processes that carry the
/// service's mark and belong to none of these are left over: helpers of one that ended while there was no agent, one that was spawned in
/// the instant before the agent died, or all of them when the run folders were cleared.
/// </summary>
internal sealed class GenerationRecovery
{
    /// <summary>A service can write another number into its processes, and must not come to the end of all numbers by that.</summary>
    private const int MostBelieved = 1_000_000_000;

    private readonly SupervisionContext _context;
    private readonly string _service;

    public GenerationRecovery(SupervisionContext context, string service)
    {
        _context = context;
        _service = service;
    }

    /// <param name="Serving">The newest that had been ready.</param>
    /// <param name="Living">All of them, the oldest first: also those that were starting, or draining, when the agent died.</param>
    /// <param name="LeftOver">What is to be ended, and was no instance's that lives.</param>
    /// <param name="HighestNumber">Of all that are or were there.</param>
    public sealed record Found(
        Generation? Serving, IReadOnlyList<Generation> Living, IReadOnlyList<ProcessScope> LeftOver, int HighestNumber);

    /// <param name="marked">Everything on this host that carries the service's mark.</param>
    public Found Find(IReadOnlyList<FoundScope> marked)
    {
        var living = new List<(Generation Generation, bool WasServing)>();
        var highest = marked.Select(scope => scope.Marker.Generation).Where(number => number <= MostBelieved).DefaultIfEmpty().Max();
        foreach (var (number, folder) in Folders())
        {
            highest = Math.Max(highest, number);
            var record = GenerationRecord.TryRead(folder);
            if (record is not null && TryTake(record, folder, marked) is { } generation)
            {
                living.Add((generation, record.IsServing));
                continue;
            }

            if (record is { Definition.Container: not null })
                _ = CleanUpAsync(record, folder);
            LaunchFolder.RemoveLeftOver(folder);
        }

        living.Sort((one, other) => one.Generation.Number.CompareTo(other.Generation.Number));
        var known = living.SelectMany(item => item.Generation.Instances.Select(instance => (item.Generation.Number, instance.Index)))
            .ToHashSet();
        var leftOver = marked.Where(scope => !known.Contains((scope.Marker.Generation, scope.Marker.Instance))).Select(Attach);
        return new Found(
            living.LastOrDefault(item => item.WasServing).Generation,
            [.. living.Select(item => item.Generation)],
            [.. leftOver],
            highest);
    }

    /// <summary>Removes what a launch has left outside of its processes. Nobody waits for it.</summary>
    private async Task CleanUpAsync(GenerationRecord record, string folder)
    {
        using var launch = _context.RunnerOf(record.Definition).Recognise(
            new LaunchRequest { Definition = record.Definition, RunFolder = folder, Home = _context.Home, Sockets = 0 });
        await launch.CleanUpAsync();
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
        new ScopeSpec { Service = _service, Generation = scope.Marker.Generation, Instance = scope.Marker.Instance },
        scope.Main ?? scope.Members[0].Identity);

    /// <returns>Null when none of its processes lives.</returns>
    private Generation? TryTake(GenerationRecord record, string folder, IReadOnlyList<FoundScope> marked)
    {
        var runner = _context.RunnerOf(record.Definition);
        var generation = new Generation
        {
            Number = record.Number,
            Definition = record.Definition,
            StartedAt = record.StartedAt,
            RunFolder = folder,
            HasSockets = record.HasSocket,
            IsCanary = record.IsCanary,
            Addresses = record.Addresses ?? RunnerRegistry.PlanSocket(record.Definition).Addresses,
            Places = record.Places,
            Size = record.Size ?? (HasInstances(record, folder) ? runner.CountProcesses(record.Definition) : 1),
            Found = [.. marked.Where(scope => scope.Marker.Generation == record.Number).SelectMany(scope => scope.Members)
                .Select(member => member.Pid)],
        };
        foreach (var known in record.Instances)
        {
            if (ChildProcess.Adopt(known.Process, _context.Watcher) is { } process)
                generation.Add(Take(generation, known, process, runner));
        }

        return generation.Instances.Count > 0 ? generation : null;
    }

    /// <summary>By the folders that several instances have, where the record was written by an agent that noted no number.</summary>
    private static bool HasInstances(GenerationRecord record, string folder) =>
        record.Instances.Any(instance => Directory.Exists(Path.Combine(folder, instance.Index.ToString(CultureInfo.InvariantCulture))));

    private Instance Take(Generation generation, InstanceRecord known, ChildProcess process, IRunner runner)
    {
        var folder = generation.RunFolderOf(known.Index);
        var launch = runner.Recognise(
            new LaunchRequest
            {
                Definition = generation.Definition,
                RunFolder = folder,
                Home = _context.Home,
                Instance = known.Index,
                IsCanary = generation.IsCanary,
                Sockets = generation.HasSockets ? generation.Addresses.Count : 0
            });
        return new Instance
        {
            Index = known.Index,
            Launch = launch,
            Process = process,
            Scope = _context.Scopes.Attach(
                LaunchScope.Of(generation.Definition, generation.Number, known.Index, _context,
                    generation.RunFolderOf(known.Index)), known.Process),
            Output = _context.OutputOf(generation),
            Log = _context.MarkLogs(generation),
            Mask = generation.Definition.Mask,
            StartedAt = known.StartedAt,
            Time = _context.Time,
            Since = _context.Time.GetTimestamp(),
            RunFolder = folder,
            User = generation.Definition.User,
        };
    }
}
