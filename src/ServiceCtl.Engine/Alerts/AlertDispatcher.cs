using ServiceCtl.Contracts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// Knows who hears of which service, and has the process that tells them there as long as there is something to tell. It sends nothing
/// itself, and nothing waits for it.
/// </summary>
internal sealed class AlertDispatcher : IAsyncDisposable
{
    /// <summary>Services are read one after the other, and each would write the file.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(4);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, AlertRule> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _since = new(StringComparer.Ordinal);
    private readonly AlertTriggers _triggers;
    private readonly AgentPaths _paths;
    private readonly AlertProcess _process;
    private readonly Func<string, bool> _isWanted;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private long _last;
    private long _wanted;
    private bool _isResumed;
    private bool _isDirty;
    private bool _isWriting;

    /// <param name="paths">The agent's.</param>
    /// <param name="process">Starts the sender.</param>
    /// <param name="events">What concerns somebody wakes it.</param>
    /// <param name="isWanted">Is a service to run?</param>
    /// <param name="time">The clock.</param>
    public AlertDispatcher(AgentPaths paths, AlertProcess process, EventHub events, Func<string, bool> isWanted, TimeProvider time)
    {
        (_paths, _process, _isWanted, _time) = (paths, process, isWanted, time);
        _last = events.Last;
        events.Published = Note;
        foreach (var (key, number) in AlertRoutes.Read(paths.Alerts)?.Since ?? new Dictionary<string, long>())
            _since[key] = number;
        _triggers = new AlertTriggers(SenderRecord.Read(paths.Alerts).Destinations.Values.SelectMany(record => record.Heard.Keys));
    }

    /// <summary>Of a service that is to run, what serves says who hears: an edited configuration is taken by an order.</summary>
    public void Follow(ServiceDefinition definition, bool isServing)
    {
        lock (_gate)
        {
            var known = _services.GetValueOrDefault(definition.Name);
            if (known is not null && !isServing && _isWanted(definition.Name))
                return;
            if (definition.Alerts is { } rule)
            {
                if (known is not null && known.MachineName == rule.MachineName && known.Flapping == rule.Flapping
                    && known.Destinations.SequenceEqual(rule.Destinations))
                    return;
                _services[definition.Name] = rule;
                foreach (var destination in rule.Destinations)
                    _since.TryAdd(destination.Key, _last);
            }
            else if (!_services.Remove(definition.Name))
            {
                return;
            }

            NoteChange();
        }
    }

    public void Forget(string service)
    {
        lock (_gate)
        {
            if (_services.Remove(service))
                NoteChange();
        }
    }

    /// <summary>An event was written.</summary>
    private void Note(ServiceEvent happened)
    {
        lock (_gate)
        {
            _last = Math.Max(_last, happened.Sequence);
            if (!_services.ContainsKey(happened.Service) || !_triggers.Take(happened))
                return;
            _wanted = _last;
            Wake();
        }
    }

    /// <summary>
    /// All services are known: begins with what another agent's sender did not get to. Before, a destination that is not known yet would
    /// count as gone, with what it is still to hear.
    /// </summary>
    public void Resume()
    {
        lock (_gate)
        {
            _isResumed = true;
            if (_isDirty)
                NoteChange();
            var record = SenderRecord.Read(_paths.Alerts);
            if (!KeysInUse().Select(key => (Key: key, Record: record.Destinations.GetValueOrDefault(key)))
                .Any(known => (known.Record?.Done ?? _since[known.Key]) < _last || known.Record?.AwaitsSettling == true))
                return;
            _wanted = _last;
            Wake();
        }
    }

    /// <summary>Who hears of some services, and how it stands with them.</summary>
    public IReadOnlyList<PyServiceAlert> List(IEnumerable<string> services)
    {
        var record = SenderRecord.Read(_paths.Alerts);
        lock (_gate)
        {
            return
            [
                .. from service in services
                   let rule = _services.GetValueOrDefault(service)
                   where rule is not null
                   from destination in rule.Destinations
                   select Describe(service, destination, record.Destinations.GetValueOrDefault(destination.Key) ?? new DestinationRecord()),
            ];
        }
    }

    /// <summary>Has an alert sent that tells of nothing.</summary>
    /// <exception cref="ServiceCtlException">It can't be done.</exception>
    public async Task<IReadOnlyList<PyServiceAlertTest>> TestAsync(IReadOnlyList<string> services, CancellationToken cancellation)
    {
        List<string> told;
        lock (_gate)
            told = [.. services.Where(_services.ContainsKey)];
        if (told.Count == 0)
            return [];
        WriteRoutes();
        return await _process.TestAsync(told, cancellation);
    }

    /// <summary>Waits until everybody has heard of what happened so far, and no longer than that.</summary>
    public async Task WhenSentAsync(TimeSpan limit)
    {
        var began = _time.GetTimestamp();
        while (!IsSent() && _time.GetElapsedTime(began) < limit)
            await Task.Delay(LookAgain, _time, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
            running = _running;
        await _ending.CancelAsync();
        await Task.WhenAny(running, Task.Delay(Farewell, CancellationToken.None));
        _ending.Dispose();
    }

    private static PyServiceAlert Describe(string service, AlertDestination destination, DestinationRecord record) => new()
    {
        Service = service,
        Channel = destination.Channel,
        Destination = destination.Name,
        Levels = [.. Enum.GetValues<AlertLevel>().Where(destination.Hears)],
        Sent = record.Sent,
        LastSent = record.LastSent,
        Waiting = record.Waiting,
        NextTry = record.Waiting > 0 ? record.NextTry : null,
        LastError = record.LastError,
        LastErrorAt = record.LastErrorAt,
        Refused = record.Refused,
        Lost = record.Lost,
    };

    private bool IsSent()
    {
        lock (_gate)
        {
            var record = SenderRecord.Read(_paths.Alerts);
            return KeysInUse().All(key => (record.Destinations.GetValueOrDefault(key)?.Done ?? 0) >= _wanted);
        }
    }

    private IEnumerable<string> KeysInUse() => _services.Values.SelectMany(rule => rule.Destinations).Select(one => one.Key).Distinct();

    private void NoteChange()
    {
        _isDirty = true;
        if (_isWriting || !_isResumed)
            return;
        _isWriting = true;
        _ = WriteSoonAsync();
    }

    private async Task WriteSoonAsync()
    {
        await Task.Delay(Gathering, _time, CancellationToken.None).ConfigureAwait(false);
        WriteRoutes();
    }

    private void WriteRoutes()
    {
        lock (_gate)
        {
            _isWriting = false;
            if (!_isDirty || !_isResumed)
                return;
            _process.SendsMail = _services.Values.SelectMany(rule => rule.Destinations).Any(one => one.IsProgram);
            var keys = KeysInUse().ToHashSet();
            foreach (var gone in _since.Keys.Where(key => !keys.Contains(key)).ToList())
                _since.Remove(gone);
            try
            {
                if (keys.Count > 0 || Directory.Exists(_paths.Alerts))
                    new AlertRoutes
                    {
                        Services = new Dictionary<string, AlertRule>(_services),
                        Since = new Dictionary<string, long>(_since),
                    }.Write(_paths.Alerts);
                _isDirty = false;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _process.Report($"Can't save where alerts go: {error.Message}");
            }
        }
    }

    private void Wake()
    {
        if (_isResumed && _running.IsCompleted && !_ending.IsCancellationRequested)
            _running = Task.Run(RunAsync);
    }

    /// <summary>Until everything is sent: one that dies is started again.</summary>
    private async Task RunAsync()
    {
        var delay = FirstDelay;
        while (!_ending.IsCancellationRequested)
        {
            WriteRoutes();
            var began = _time.GetTimestamp();
            var how = await _process.RunAsync(_ending.Token);
            lock (_gate)
            {
                if (how is null && IsSent())
                {
                    // Under the same lock as what wakes it.
                    _running = Task.CompletedTask;
                    return;
                }
            }

            if (how is not null && !_ending.IsCancellationRequested)
                _process.Report($"The alert sender {how}; restarting it.");
            delay = _time.GetElapsedTime(began) > LongestDelay ? FirstDelay : delay;
            try
            {
                await Task.Delay(how is null ? TimeSpan.Zero : delay, _time, _ending.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            delay = delay * 2 > LongestDelay ? LongestDelay : delay * 2;
        }
    }
}
