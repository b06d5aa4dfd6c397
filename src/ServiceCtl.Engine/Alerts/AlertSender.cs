using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// The process that sends alerts: a child of the agent, so that receivers that hang, and what is wrong with them, are no affair of the
/// agent's. The journal is its buffer. It ends when there has been nothing to send for a while, and when its agent has.
/// </summary>
internal sealed class AlertSender
{
    /// <summary>It looks at two files' sizes, and only while there is something to send.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(30);

    /// <summary>Events that are held for those that are behind.</summary>
    private const int MostHeld = 200_000;

    private readonly AgentPaths _paths;
    private readonly TimeProvider _time;
    private readonly Func<bool> _hasAgent;
    private readonly Action<string> _report;
    private readonly JournalFollower _journal;
    private readonly Dictionary<string, DestinationQueue> _queues = new(StringComparer.Ordinal);
    private readonly List<ServiceEvent> _events = [];
    private SenderRecord _record = new();
    private AlertRoutes _routes = new();
    private Dictionary<string, AlertDestination> _destinations = [];
    private DateTime _routesAt;
    private long _idleSince;
    private bool _isUnsaved;

    /// <param name="paths">The agent's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="hasAgent">Is the agent there that has started it?</param>
    /// <param name="report">Takes what the agent's log is to hold.</param>
    public AlertSender(AgentPaths paths, TimeProvider time, Func<bool> hasAgent, Action<string> report)
    {
        _report = report;
        _paths = paths;
        _time = time;
        _hasAgent = hasAgent;
        _journal = new JournalFollower(paths.Events);
        _idleSince = time.GetTimestamp();
    }

    /// <summary>Sends until there is nothing to send.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        Directory.CreateDirectory(_paths.Alerts, FileModes.PrivateFolder);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
        limit.CancelAfter(LockLimit);
        // That of an agent before may still have a message under way.
        using var only = await LockFile.AcquireAsync(Path.Combine(_paths.Alerts, "sender.lock"), limit.Token);
        _record = SenderRecord.Read(_paths.Alerts);
        using var withdrawal = new CancellationTokenSource();
        while (!end.IsCancellationRequested && _hasAgent())
        {
            var isBusy = Step(withdrawal.Token);
            if (isBusy)
                _idleSince = _time.GetTimestamp();
            else if (_time.GetElapsedTime(_idleSince) >= Patience)
                break;
            await Task.WhenAny([Task.Delay(Look, _time, CancellationToken.None), .. _queues.Values.Select(queue => queue.Sending)
                .OfType<Task>()]);
        }

        await EndAsync(withdrawal);
    }

    /// <summary>One look at everything.</summary>
    /// <returns>Whether something is left to do.</returns>
    private bool Step(CancellationToken withdrawal)
    {
        ReadRoutes();
        var isNew = ReadJournal();
        var isChanged = false;
        foreach (var queue in _queues.Values)
            isChanged |= queue.Step(_events, _routes, Environment.MachineName, withdrawal);
        if (isChanged || _isUnsaved)
            Save();
        var done = _queues.Values.Select(queue => queue.Record.Done).DefaultIfEmpty(long.MaxValue).Min();
        _events.RemoveAll(happened => happened.Sequence <= done);
        return isNew || _isUnsaved || _queues.Values.Any(queue => !queue.IsIdle || queue.Record.AwaitsSettling);
    }

    private void ReadRoutes()
    {
        var at = File.GetLastWriteTimeUtc(AlertRoutes.FileIn(_paths.Alerts));
        if (at == _routesAt || AlertRoutes.Read(_paths.Alerts) is not { } routes)
            return;
        (_routes, _routesAt) = (routes, at);
        var wanted = routes.Services.Values.SelectMany(rule => rule.Destinations).GroupBy(one => one.Key)
            .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        foreach (var (key, destination) in wanted)
        {
            if (_queues.TryGetValue(key, out var queue))
            {
                if (_destinations.GetValueOrDefault(key) != destination)
                    queue.Use(Receivers.Of(destination, _time));
            }
            else
            {
                var record = _record.Destinations.GetValueOrDefault(key)
                    ?? new DestinationRecord { Done = routes.Since.GetValueOrDefault(key) };
                _queues.Add(key, new DestinationQueue(key, record, Receivers.Of(destination, _time), _time));
                // It may be behind what is held.
                _events.Clear();
                _journal.Rewind();
            }
        }

        foreach (var queue in _queues.Values.Where(queue => !wanted.ContainsKey(queue.Key) && queue.Sending is null).ToList())
        {
            _queues.Remove(queue.Key);
            queue.Dispose();
        }

        _destinations = wanted;
    }

    private bool ReadJournal()
    {
        try
        {
            var last = _journal.Last;
            var found = _journal.Read();
            if (found.Count == 0)
                return false;
            if (found[0].Sequence <= last)
            {
                _events.Clear();
                foreach (var queue in _queues.Values)
                    queue.BeginAgain();
            }

            _events.AddRange(found);
            if (_events.Count > MostHeld)
                _events.RemoveRange(0, _events.Count - MostHeld);
            foreach (var queue in _queues.Values)
                queue.TakeNumbers(_events[0].Sequence, _events[^1].Sequence);
            return true;
        }
        catch (IOException)
        {
            // It is being changed for the next one; the next look finds it.
            return true;
        }
    }

    private void Save()
    {
        _record = new SenderRecord
        {
            Destinations = _queues.Values.ToDictionary(queue => queue.Key, queue => queue.Record, StringComparer.Ordinal),
        };
        try
        {
            _record.Write(_paths.Alerts);
            _isUnsaved = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It stays, as the next one would send all of it again.
            if (!_isUnsaved)
                _report($"Can't record which alerts were sent: {error.Message}");
            _isUnsaved = true;
        }
    }

    /// <summary>What is under way gets a moment: who is asked to end seldom has more.</summary>
    private async Task EndAsync(CancellationTokenSource withdrawal)
    {
        withdrawal.CancelAfter(Farewell);
        foreach (var queue in _queues.Values.Where(queue => queue.Sending is not null))
            await queue.Sending!;
        await withdrawal.CancelAsync();
        foreach (var queue in _queues.Values)
            queue.Step(_events, _routes, Environment.MachineName, withdrawal.Token);
        Save();
        foreach (var queue in _queues.Values)
            queue.Dispose();
    }
}
