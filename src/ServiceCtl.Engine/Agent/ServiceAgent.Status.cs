using System.Collections.Concurrent;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Engine.Agent;

/// <summary>How services are doing, and of which commit they are.</summary>
public sealed partial class ServiceAgent
{
    /// <summary>
    /// Reading a checkout is work for a processor when its files are in memory, and a wait for the disk when they are not.
    /// </summary>
    private static readonly int CheckoutsAtOnce = Math.Max(4, Environment.ProcessorCount);

    /// <summary>Everything about the services that the patterns select, by name; of all of them for no pattern.</summary>
    /// <param name="patterns">Names, or patterns.</param>
    /// <param name="states">Only those that are in one of these states; none: all.</param>
    /// <param name="withCommits">Read the checkouts as well? That costs half a millisecond and more for each.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a literal name is not known.</exception>
    public async Task<IReadOnlyList<PyServiceStatus>> ReadStatusAsync(
        IReadOnlyList<string> patterns, IReadOnlyList<ServiceState> states, bool withCommits, CancellationToken cancellation)
    {
        _quiet.NoteWork();
        Supervisor[] chosen = [.. Require(patterns).Where(
            supervisor => states.Count == 0 || states.Contains(supervisor.Record.State))];
        var reader = new ServiceStatusReader(_context, _load, _definitions.GetValueOrDefault, _remote.AddressesOf);
        var all = await Task.WhenAll(chosen.Select(supervisor => reader.ReadAsync(supervisor, cancellation)));
        if (withCommits)
        {
            var atOnce = new ParallelOptions { MaxDegreeOfParallelism = CheckoutsAtOnce, CancellationToken = cancellation };
            var roots = new ConcurrentDictionary<string, string?>();
            await Parallel.ForAsync(0, all.Length, atOnce,
                async (index, token) => all[index] = await AddInsideAsync(
                    await AddCommitAsync(all[index], chosen[index].Serving, roots, token), chosen[index].Serving, token));
        }

        return all;
    }

    private async Task<PyServiceStatus> AddInsideAsync(PyServiceStatus status, Generation? serving, CancellationToken cancellation)
    {
        if (serving is not { Definition: { StatePage: { } page } definition, Site: { } site, HasEnded: false })
            return status;
        var handed = HandedFile.TryRead(serving.Main.RunFolder, definition.Actor);
        var inside = await StateProbe.AskAsync(
            site, page, handed is null ? null : HandedConfiguration.TokenIn(handed), definition.Mask, cancellation);
        return status with { Inside = inside, Problem = status.Problem ?? StateProbe.FindProblem(inside, _context.Time.GetUtcNow()) };
    }

    private async Task<PyServiceStatus> AddCommitAsync(
        PyServiceStatus status, Generation? serving, ConcurrentDictionary<string, string?> roots, CancellationToken cancellation)
    {
        // What serves, though the link to it may have moved.
        var folder = serving?.Definition is { Release: not null, Folder: var own } && Directory.Exists(own) ? own : status.Path;
        var reading = await _git.ReadAsync(folder, cancellation, roots);
        return status with
        {
            Revision = reading.Revision,
            RevisionProblem = reading.Problem,
            Problem = status.Problem ?? reading.Problem,
        };
    }
}
