using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>
/// Takes what one destination is to hear to it, in order, one message at a time. What was delivered is noted after it was: a sender that is
/// killed between the two sends it once more, with the same id.
/// </summary>
internal sealed class DestinationQueue : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Func<double> _chance;
    private IAlertReceiver _receiver;
    private IAlertReceiver? _nextReceiver;
    private Task<AlertAnswer>? _sending;
    private Batch? _batch;
    private int _failures;
    private long _pausedAt;
    private TimeSpan _pause;
    private long _seen;

    public DestinationQueue(
        string key, DestinationRecord record, IAlertReceiver receiver, TimeProvider time, Func<double>? chance = null)
    {
        Key = key;
        Record = record;
        _receiver = receiver;
        _time = time;
        _chance = chance ?? Random.Shared.NextDouble;
        _pausedAt = time.GetTimestamp();
    }

    public string Key { get; }

    public DestinationRecord Record { get; private set; }

    /// <summary>The message that is under way; null for none.</summary>
    public Task? Sending => _sending;

    /// <summary>Has it something left to do with what is known?</summary>
    public bool IsIdle { get; private set; }

    /// <summary>From the next message on; what waits for a better time goes at once, as somebody has mended something.</summary>
    public void Use(IAlertReceiver receiver)
    {
        _nextReceiver?.Dispose();
        _nextReceiver = receiver;
        _pause = TimeSpan.Zero;
    }

    /// <summary>The events of a journal that was lost have gone, and the numbers began again: a message under way has old ones.</summary>
    public void BeginAgain()
    {
        Record = Record with { Done = 0 };
        _batch = _batch is null ? null : _batch with { Done = 0 };
    }

    /// <summary>Which events there are; the others have gone.</summary>
    public void TakeNumbers(long first, long last)
    {
        if (last < Record.Done)
            BeginAgain();
        if (first > Record.Done + 1 && _sending is null)
            Record = Record with { Lost = Record.Lost + first - Record.Done - 1, Done = first - 1 };
    }

    /// <summary>Goes on: takes an answer that has come, begins the next message.</summary>
    /// <param name="events">Those that are known, by number.</param>
    /// <param name="routes">Who hears of what.</param>
    /// <param name="machine">This host.</param>
    /// <param name="cancellation">Withdraws what is under way.</param>
    /// <returns>Whether the record has changed.</returns>
    public bool Step(IReadOnlyList<ServiceEvent> events, AlertRoutes routes, string machine, CancellationToken cancellation)
    {
        var before = Record;
        if (_sending is { IsCompleted: true } sent)
        {
            _sending = null;
            Take(sent.GetAwaiter().GetResult(), _batch!);
        }

        if (_sending is null && _nextReceiver is { } receiver)
        {
            _receiver.Dispose();
            (_receiver, _nextReceiver) = (receiver, null);
        }

        if (_sending is null && _time.GetElapsedTime(_pausedAt) >= _pause)
        {
            var batch = Collect(events, routes, machine, _receiver.MostTogether);
            if (batch.Alerts.Count == 0)
            {
                IsIdle = true;
                if (batch.Done > Record.Done)
                    Record = Record with { Done = batch.Done, Heard = batch.Heard, Flaps = batch.Flaps };
            }
            else if (!cancellation.IsCancellationRequested)
            {
                IsIdle = false;
                _batch = batch;
                _sending = _receiver.SendAsync(batch.Alerts, cancellation);
            }
        }

        var last = events.Count > 0 ? events[^1].Sequence : _seen;
        if (!ReferenceEquals(before, Record) || last != _seen)
            Record = Record with { Waiting = IsIdle ? 0 : Collect(events, routes, machine, int.MaxValue).Alerts.Count };
        _seen = last;
        return !ReferenceEquals(before, Record);
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _nextReceiver?.Dispose();
    }

    private void Take(AlertAnswer answer, Batch batch)
    {
        var now = _time.GetLocalNow();
        if (answer.Outcome is AlertOutcome.Delivered or AlertOutcome.Refused)
        {
            var count = batch.Alerts.Count;
            Record = Record with { Done = batch.Done, Heard = batch.Heard, Flaps = batch.Flaps, NextTry = null };
            Record = answer.Outcome == AlertOutcome.Delivered
                ? Record with { Sent = Record.Sent + count, LastSent = now, LastError = null, LastErrorAt = null }
                : Record with { Refused = Record.Refused + count, LastError = answer.Words, LastErrorAt = now };
            _failures = 0;
            Pause(_receiver.Pace);
            return;
        }

        var wait = answer.Outcome == AlertOutcome.Parked
            ? RetryDelay.Parked : RetryDelay.After(++_failures, answer.RetryAfter, _chance());
        Record = Record with { LastError = answer.Words, LastErrorAt = now, NextTry = now + wait };
        Pause(_nextReceiver is null ? wait : TimeSpan.Zero);
    }

    /// <summary>By the monotonic clock: one that is set neither silences it nor makes it storm.</summary>
    private void Pause(TimeSpan length) => (_pausedAt, _pause) = (_time.GetTimestamp(), length);

    /// <summary>What comes next, as far as one message holds it.</summary>
    private Batch Collect(IReadOnlyList<ServiceEvent> events, AlertRoutes routes, string machine, int most)
    {
        var heard = new Dictionary<string, ServiceCondition>(Record.Heard);
        var flaps = new Dictionary<string, FlapRecord>(Record.Flaps);
        List<Alert> alerts = [];
        var done = Record.Done;
        foreach (var happened in events)
        {
            if (happened.Sequence <= done)
                continue;
            var rule = routes.Services.GetValueOrDefault(happened.Service);
            if (rule?.Destinations.FirstOrDefault(one => one.Key == Key) is { } destination)
            {
                var (next, alert) = AlertPolicy.Take(heard.GetValueOrDefault(happened.Service), happened, destination.Hears);
                (var flap, alert) = FlapPolicy.Take(flaps.GetValueOrDefault(happened.Service), alert, happened, rule.Flapping);
                if (alert is { } told)
                {
                    if (alerts.Count == most)
                        return new Batch(alerts, done, heard, flaps);
                    alerts.Add(DestinationAlert.Of(happened, destination, rule, machine, told.News, told.Level));
                }

                if (flap is null)
                    flaps.Remove(happened.Service);
                else
                    flaps[happened.Service] = flap;

                if (next == ServiceCondition.Up)
                    heard.Remove(happened.Service);
                else
                    heard[happened.Service] = next;
            }

            done = happened.Sequence;
        }

        AddSettled(alerts, heard, flaps, routes, machine, most);
        return new Batch(alerts, done, heard, flaps);
    }

    /// <summary>No event tells that nothing happens any more.</summary>
    private void AddSettled(
        List<Alert> alerts, Dictionary<string, ServiceCondition> heard, Dictionary<string, FlapRecord> flaps, AlertRoutes routes,
        string machine, int most)
    {
        var now = _time.GetUtcNow();
        foreach (var (service, flap) in flaps.ToArray())
        {
            if (routes.Services.GetValueOrDefault(service) is not { } rule || FlapPolicy.IsOver(flap, now, rule.Flapping))
            {
                flaps.Remove(service);
            }
            else if (FlapPolicy.Settle(flap, heard.GetValueOrDefault(service), now, rule.Flapping) is { } news && alerts.Count < most)
            {
                flaps.Remove(service);
                alerts.Add(DestinationAlert.OfSettled(service, flap, rule, machine, news));
            }
        }
    }

    private sealed record Batch(
        IReadOnlyList<Alert> Alerts, long Done, IReadOnlyDictionary<string, ServiceCondition> Heard,
        IReadOnlyDictionary<string, FlapRecord> Flaps);
}
