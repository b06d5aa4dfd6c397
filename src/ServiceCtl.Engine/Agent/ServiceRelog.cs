using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Logs.Relog;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Agent;

/// <summary>
/// The logs of one service: sorted when that is ordered, and followed while it runs, so that its exceptions become events. Of a captured
/// log, what is followed is what is sorted: an order finds the work done. Of a log that the server writes, nothing is kept until it is
/// ordered.
/// </summary>
internal sealed class ServiceRelog : IDisposable
{
    /// <summary>Bytes of a server's own log in which exceptions are looked for that came while the service was starting.</summary>
    private const long LookBack = 1024 * 1024;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly TimeProvider _time;
    private readonly ExceptionEvents _events;
    private RelogPlan? _plan;
    private RelogSession? _session;
    private string? _followed;

    public ServiceRelog(string service, TimeProvider time, Action<ServiceEvent> publish)
    {
        _time = time;
        _events = new ExceptionEvents(service, time, publish);
    }

    /// <summary>Sorts what is new.</summary>
    /// <exception cref="ServiceCtlException">The results can't be written.</exception>
    public async Task<RelogReport> RunAsync(
        ServiceDefinition definition, string captured, bool? emptyFirst, IProgress<OperationProgress> progress,
        CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            var session = SessionOf(RelogPlans.Of(definition, captured));
            return await Task.Run(
                () => session.Run(emptyFirst ?? definition.Relog.EmptyFirst, definition.Mask.MaskText, progress, cancellation),
                cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The exceptions that were sorted so far, by type and place; none where the results can't be read.</summary>
    public async Task<IReadOnlyList<(string Type, string? Place)>> FindKnownAsync(
        ServiceDefinition definition, string captured, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            return [.. SessionOf(RelogPlans.Of(definition, captured)).Load().Where(group => !group.IsIncident)
                .Select(group => (group.Type, group.Place))];
        }
        catch (Exception error) when (error is ServiceCtlException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Begins to follow the service's log, if it is not followed already.</summary>
    /// <param name="definition">The service's.</param>
    /// <param name="captured">The file that gets what it prints.</param>
    /// <param name="since">Exceptions that the server has logged before are not told.</param>
    /// <param name="changes">Wakes the follower.</param>
    /// <param name="warn">Hears when this has to end.</param>
    public void Follow(ServiceDefinition definition, string captured, DateTimeOffset since, FileChanges changes, Action<string> warn)
    {
        var log = definition.ServerLog ?? captured;
        if (_followed == log || _end.IsCancellationRequested)
            return;
        _followed = log;
        _ = Task.Run(async () =>
        {
            try
            {
                await FollowAsync(definition, captured, since, changes);
            }
            catch (OperationCanceledException)
            {
                // The service is forgotten, or the agent ends.
            }
#pragma warning disable CA1031 // Nobody awaits this: whatever it was has to be told, and may work at the next start.
            catch (Exception error)
#pragma warning restore CA1031
            {
                warn($"Exceptions in {log} are not told any more: {error.Message}");
            }

            _followed = null;
        });
    }

    public void Dispose() => _end.Cancel();

    private async Task FollowAsync(ServiceDefinition definition, string captured, DateTimeOffset since, FileChanges changes)
    {
        RelogSession? own = null;
        var log = definition.ServerLog ?? captured;
        if (definition.ServerLog is { } serverLog)
        {
            own = new RelogSession(RelogPlans.ToFollow(definition, serverLog), _time);
            own.SkipToEnd(LookBack);
        }

        DateTimeOffset? first = since;
        await ChangeLoop.RunAsync(changes, log, _time, async () =>
        {
            (var from, first) = (first, null);
            return !IsUntouched(definition, captured) && await UpdateAsync(own, definition, captured, from);
        }, _end.Token);
    }

    /// <summary>Has nothing ever been printed? Hundreds of services that start in silence would all be given files for results.</summary>
    private static bool IsUntouched(ServiceDefinition definition, string captured) =>
        definition.ServerLog is null && new FileInfo(captured) is { Exists: true, Length: 0 }
            && !Directory.Exists(RelogPlans.Of(definition, captured).Results);

    /// <param name="own">A session that only follows; null for the one that sorts.</param>
    /// <param name="definition">The service's.</param>
    /// <param name="captured">The file that gets what it prints.</param>
    /// <param name="since">With the first look: what is older is known.</param>
    /// <returns>Whether it is worth another look in a moment.</returns>
    private async Task<bool> UpdateAsync(RelogSession? own, ServiceDefinition definition, string captured, DateTimeOffset? since)
    {
        await _gate.WaitAsync(_end.Token);
        try
        {
            var session = own ?? SessionOf(RelogPlans.Of(definition, captured));
            if (since is not null && own is null)
                _events.Know(session.Load());
            session.Update(_end.Token);
            // Times in logs are whole seconds.
            if (since is { } start && own is not null)
                _events.Know(own.Groups.Where(group => !(group.LastSeen >= start.AddSeconds(-1))));
            _events.Look(session.Groups, definition.Mask.MaskText);
            return session.IsPending;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The session that goes on as long as the configuration says the same.</summary>
    private RelogSession SessionOf(RelogPlan plan)
    {
        if (_session is null || _plan is null || !plan.IsSameAs(_plan))
        {
            _plan = plan;
            _session = new RelogSession(plan, _time);
        }

        return _session;
    }
}
