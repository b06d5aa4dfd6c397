using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// Ends generations, however many at once, with common looks at the process table: kill whoever is found, wait for their end, look again,
/// until a look that began after the last kill finds nobody; without a cgroup two in a row, as whoever is born during a look may be missed
/// by it. Sleeps while there is nothing to end.
/// </summary>
internal sealed class ScopeSweeper : IDisposable
{
    // Whoever comes first is looked after at once; orders that come in the meantime share the next look.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(320);

    private readonly ProcessScopes _scopes;
    private readonly ExitWatcher _watcher;
    private readonly TimeProvider _time;
    private readonly Channel<SweepRequest> _orders = Channel.CreateUnbounded<SweepRequest>(new() { SingleReader = true });
    private readonly List<SweepRequest> _open = [];
    private readonly CancellationTokenSource _stop = new();

    internal ScopeSweeper(ProcessScopes scopes, ExitWatcher watcher, TimeProvider time)
    {
        _scopes = scopes;
        _watcher = watcher;
        _time = time;
        _ = Task.Run(RunAsync);
    }

    internal async Task<EndReport> SweepAsync(ProcessScope scope, TimeSpan? limit, CancellationToken cancellation)
    {
        SweepRequest order = new(scope, _time.GetTimestamp(), limit);
        ObjectDisposedException.ThrowIf(!_orders.Writer.TryWrite(order), _scopes);
        await using CancellationTokenRegistration registration = cancellation.Register(() => order.Done.TrySetCanceled(cancellation));
        return await order.Done.Task;
    }

    /// <summary>Whoever still waits is cancelled.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _orders.Writer.TryComplete();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _orders.Reader.WaitToReadAsync(_stop.Token))
                await SweepAllAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            while (_orders.Reader.TryRead(out SweepRequest? order))
                _open.Add(order);
            _open.ForEach(order => order.Done.TrySetCanceled(_stop.Token));
        }
    }

    private async Task SweepAllAsync()
    {
        TimeSpan pause = Gathering;
        TimeSpan rest = TimeSpan.Zero;
        do
        {
            await Task.Delay(rest, _time, _stop.Token);
            bool news = false;
            while (_orders.Reader.TryRead(out SweepRequest? order))
            {
                _open.Add(order);
                news = true;
            }

            _open.RemoveAll(order => order.Done.Task.IsCompleted);

            // Who is stuck in the kernel is looked at ever more seldom.
            pause = news ? Gathering * 5 : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            List<ChildProcess> dying = [];
            try
            {
                long begun = _time.GetTimestamp();
                Look(dying);
                // No more than half of the time is spent on looking, so that those who are to die can.
                rest = _time.GetElapsedTime(begun) is var look && look > Gathering ? look : Gathering;
                _open.RemoveAll(order => order.Done.Task.IsCompleted);
                if (_open.Exists(order => order.EmptyLooks == 0))
                    await PauseAsync(dying, pause);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The host is too short of something even to look. Those who wait get an error; the next ones may have more luck.
                _open.ForEach(order => order.Done.TrySetException(failure));
                _open.Clear();
            }
            finally
            {
                dying.ForEach(process => process.Dispose());
            }
        }
        while (_open.Count > 0);
    }

    // Until those are dead who were killed, or somebody else comes.
    private async Task PauseAsync(List<ChildProcess> dying, TimeSpan pause)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task time = Task.Delay(pause, _time, enough.Token);
        Task news = _orders.Reader.WaitToReadAsync(enough.Token).AsTask();
        await (dying.Count == 0
            ? Task.WhenAny(time, news) : Task.WhenAny(Task.WhenAll(dying.Select(process => process.Exited)), time, news));
        await enough.CancelAsync();
    }

    private void Look(List<ChildProcess> dying)
    {
        ProcessScope[] scopes = [.. _open.Select(order => order.Scope).Distinct()];
        ProcessTable table = ProcessTable.Read(_scopes.MainsBut(scopes));
        Dictionary<ProcessScope, IReadOnlyList<ProcessFigures>> found = scopes.Zip(_scopes.Count(table, scopes))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (SweepRequest order in _open)
        {
            IReadOnlyList<ProcessFigures> members = found[order.Scope];
            bool searched = members.Count == 0 && (order.Scope.HasCgroup || ++order.EmptyLooks == 2);
            if (order.Limit is null || searched)
                order.Done.TrySetResult(Report(order, table, []));
            else if (_time.GetElapsedTime(order.Begun) > order.Limit)
                order.Done.TrySetResult(Report(order, table, members));
            else
                Kill(order, members, table, dying);
        }
    }

    private void Kill(SweepRequest order, IReadOnlyList<ProcessFigures> members, ProcessTable table, List<ChildProcess> dying)
    {
        if (members.Count > 0)
            order.EmptyLooks = 0;
        foreach (ProcessFigures member in members)
        {
            // Also one that is gone when its turn comes: the signal to its group was quicker.
            if (!member.IsHeldUp)
                order.Found.TryAdd(member.Identity, new(member.Pid, member.Name));
            try
            {
                if (ChildProcess.Adopt(member.Identity, _watcher) is not { } process)
                    continue;
                dying.Add(process);

                // A whole group dies at one stroke, those included that are being forked just now.
                if (member.ProcessGroup != member.Pid || !process.SignalGroup(Signals.Kill))
                    process.Signal(Signals.Kill);
            }
            catch (ServiceCtlException refusal)
            {
                order.Refused[member.Identity] = refusal.Message;
            }
        }

        foreach (int group in LeaderlessGroups(members, table))
            _ = Spawner.KillGroup(group, Signals.Kill);

        // Dearer than a signal for the one or two that a generation mostly leaves, and hundreds may end at once: only for what survived
        // these.
        if (order.IsStubborn)
            order.Scope.KillGroup();
        order.IsStubborn = true;
    }

    // One that forks and exits without end, always a step ahead of whoever looks for its pid, keeps the number of its group. It may be
    // taken for ours if everybody in the group was a moment ago: the kernel gives numbers in turn, and needs thousands of forks to come to
    // this one again. 0 is what a group outside our namespace is called, and kill(2) takes 0 and 1 for ours and for everybody.
    internal static IEnumerable<int> LeaderlessGroups(IReadOnlyList<ProcessFigures> members, ProcessTable table) =>
        members.GroupBy(member => member.ProcessGroup)
            .Where(group => group.Key > 1 && table.Find(group.Key) is null && table.InGroup(group.Key).Count() == group.Count())
            .Select(group => group.Key);

    private EndReport Report(SweepRequest order, ProcessTable table, IReadOnlyList<ProcessFigures> remaining)
    {
        HashSet<ProcessIdentity> alive = [.. remaining.Select(process => process.Identity)];
        return new()
        {
            Ended = [.. order.Found.Where(found => !alive.Contains(found.Key) && found.Key != order.Scope.Main)
                .Select(found => found.Value)],
            Remaining =
            [
                .. remaining.Select(process => new ScopeMember(
                    process.Pid, process.Name, order.Refused.GetValueOrDefault(process.Identity, $"state {process.State} after SIGKILL"))),
            ],
            Unattributed = order.Limit is null ? [] : _scopes.UnattributedTo(order.Scope, table),
        };
    }
}
