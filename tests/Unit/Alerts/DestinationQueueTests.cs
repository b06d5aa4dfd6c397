using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>What waits for one destination, by a clock that a test sets.</summary>
public sealed class DestinationQueueTests : IDisposable
{
    private static readonly AlertDestination Destination = new()
    {
        Channel = AlertChannel.Slack,
        Url = "https://hooks.example.org/x",
        HearsInfo = true,
        HearsCritical = true,
    };

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly Receiver _receiver = new();

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public void A_receiver_that_is_down_for_a_day_gets_everything_in_its_order_and_is_not_stormed()
    {
        using var queue = Queue();
        List<ServiceEvent> events = [Of(1, ServiceEventKind.Crashed), Of(2, ServiceEventKind.Restarted)];
        _receiver.Answer = new AlertAnswer(AlertOutcome.Later, "503");

        for (var second = 0; second < 86_400; second++)
        {
            Step(queue, events);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_receiver.Messages.Count, 250, 320);
        Assert.Equal((0, 2, "503"), (queue.Record.Sent, queue.Record.Waiting, queue.Record.LastError));
        Assert.Single(_receiver.Messages.Select(message => string.Join(',', message.Select(alert => alert.Id))).Distinct());
        _receiver.Answer = new AlertAnswer(AlertOutcome.Delivered, "ok");
        _time.Advance(TimeSpan.FromMinutes(6));
        Step(queue, events);
        Step(queue, events);
        Assert.Equal((2, 0, null, 2), (queue.Record.Sent, queue.Record.Waiting, queue.Record.LastError, queue.Record.Done));
    }

    [Fact]
    public void What_a_receiver_asks_for_is_waited_for_and_never_for_ever()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), RetryDelay.After(1, TimeSpan.FromSeconds(30), 0));
        Assert.Equal(TimeSpan.FromHours(1), RetryDelay.After(1, TimeSpan.FromDays(9000), 0));
        Assert.Equal(TimeSpan.FromSeconds(0.8), RetryDelay.After(1, TimeSpan.Zero, 0));
        Assert.Equal(TimeSpan.FromSeconds(360), RetryDelay.After(1000, null, 1));
    }

    [Fact]
    public void Many_at_once_go_in_few_messages_with_the_pace_between_them()
    {
        using var queue = Queue();
        var events = Enumerable.Range(1, 500).Select(number => Of(number, ServiceEventKind.Crashed, $"web{number}")).ToList();
        var routes = Routes([.. events.Select(happened => happened.Service)]);

        Step(queue, events, routes);
        Step(queue, events, routes);
        Assert.Single(_receiver.Messages);
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Step(queue, events, routes);
            Step(queue, events, routes);
        }

        Assert.Equal(50, _receiver.Messages.Count);
        Assert.Equal(500, _receiver.Messages.SelectMany(message => message).Select(alert => alert.Id).Distinct().Count());
        Assert.True(queue.IsIdle);
    }

    [Fact]
    public void What_can_not_be_taken_holds_up_nothing_and_a_wrong_token_everything_until_it_is_mended()
    {
        using var queue = Queue();
        List<ServiceEvent> events = [Of(1, ServiceEventKind.Crashed), Of(2, ServiceEventKind.Restarted)];
        _receiver.Most = 1;
        _receiver.Answer = new AlertAnswer(AlertOutcome.Refused, "400 invalid_payload");
        Step(queue, events);
        Step(queue, events);
        Assert.Equal((1, 1), (queue.Record.Refused, queue.Record.Done));

        _receiver.Answer = new AlertAnswer(AlertOutcome.Parked, "404 no_service");
        _time.Advance(TimeSpan.FromSeconds(2));
        Step(queue, events);
        Step(queue, events);
        _time.Advance(TimeSpan.FromMinutes(9));
        Step(queue, events);
        Assert.Equal(2, _receiver.Messages.Count);
        using var mended = new Receiver();
        queue.Use(mended);
        Step(queue, events);
        Step(queue, events);
        Assert.Equal("Back", Assert.Single(Assert.Single(mended.Messages)).News.ToString());
        Assert.Equal(1, queue.Record.Sent);
    }

    [Fact]
    public void A_sender_that_was_killed_between_sending_and_noting_sends_the_same_id_again()
    {
        List<ServiceEvent> events = [Of(1, ServiceEventKind.Crashed)];
        using (var killed = Queue())
            Step(killed, events);
        using var next = Queue();
        Step(next, events);

        Assert.Equal(2, _receiver.Messages.Count);
        Assert.Single(_receiver.Messages.Select(message => message[0].Id).Distinct());
    }

    [Fact]
    public void Events_that_have_left_the_journal_are_counted_and_a_journal_that_begins_again_is_read_from_its_beginning()
    {
        using var queue = Queue(new DestinationRecord { Done = 10 });
        queue.TakeNumbers(first: 15, last: 20);
        Assert.Equal((4, 14), (queue.Record.Lost, queue.Record.Done));
        queue.TakeNumbers(first: 1, last: 3);
        Assert.Equal(0, queue.Record.Done);
    }

    [Fact]
    public void A_journal_that_begins_again_while_a_message_is_under_way_is_read_from_its_beginning()
    {
        using var queue = Queue();
        var answer = new TaskCompletionSource<AlertAnswer>();
        _receiver.UnderWay = answer.Task;
        Step(queue, [Of(9, ServiceEventKind.Crashed)]);
        Assert.NotNull(queue.Sending);

        queue.BeginAgain();
        answer.SetResult(_receiver.Answer);
        _receiver.UnderWay = null;
        Step(queue, [Of(1, ServiceEventKind.Restarted)]);
        _time.Advance(TimeSpan.FromSeconds(2));
        Step(queue, [Of(1, ServiceEventKind.Restarted)]);
        Step(queue, [Of(1, ServiceEventKind.Restarted)]);

        Assert.Equal([9L, 1L], _receiver.Messages.Select(message => Assert.Single(message).Sequence));
        Assert.Equal((2, 1), (queue.Record.Sent, queue.Record.Done));
    }

    [Fact]
    public void One_that_flaps_is_told_once_and_once_that_it_has_settled()
    {
        using var queue = Queue();
        _receiver.Most = 1;
        List<ServiceEvent> events = [];
        for (var round = 0; round < 50; round++)
        {
            events.Add(Of(events.Count + 1, ServiceEventKind.Crashed) with { Time = _time.GetUtcNow() });
            Wait(queue, events, TimeSpan.FromSeconds(5));
            events.Add(Of(events.Count + 1, ServiceEventKind.Restarted) with { Time = _time.GetUtcNow() });
            Wait(queue, events, TimeSpan.FromSeconds(5));
        }

        Assert.Equal(["Down", "Back", "Down", "Back", "Down", "Back", "Flapping"], News());
        Assert.True(queue.Record.AwaitsSettling);
        Wait(queue, events, TimeSpan.FromMinutes(9.5));
        Assert.Equal(7, News().Count);
        Wait(queue, events, TimeSpan.FromMinutes(1));
        Assert.Equal("Settled", News()[^1]);
        Assert.False(queue.Record.AwaitsSettling);
        events.Add(Of(events.Count + 1, ServiceEventKind.Crashed) with { Time = _time.GetUtcNow() });
        Wait(queue, events, TimeSpan.FromSeconds(5));
        Assert.Equal("Down", News()[^1]);
    }

    private List<string> News() => [.. _receiver.Messages.SelectMany(message => message).Select(alert => alert.News.ToString())];

    private void Wait(DestinationQueue queue, List<ServiceEvent> events, TimeSpan time)
    {
        for (var waited = TimeSpan.Zero; waited < time; waited += TimeSpan.FromSeconds(1))
        {
            Step(queue, events);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static AlertRoutes Routes(params string[] services) => new()
    {
        Services = services.ToDictionary(service => service, _ => new AlertRule { Destinations = [Destination] }),
    };

    private static ServiceEvent Of(long number, ServiceEventKind kind, string service = "web") =>
        new() { Sequence = number, Time = DateTimeOffset.UnixEpoch, Service = service, Kind = kind, Message = "message" };

    private DestinationQueue Queue(DestinationRecord? record = null) =>
        new(Destination.Key, record ?? new DestinationRecord(), _receiver, _time, () => 0.5);

    private static void Step(DestinationQueue queue, IReadOnlyList<ServiceEvent> events, AlertRoutes? routes = null) =>
        queue.Step(events, routes ?? Routes("web"), "host", CancellationToken.None);

    private sealed class Receiver : IAlertReceiver
    {
        public AlertAnswer Answer { get; set; } = new(AlertOutcome.Delivered, "ok");

        /// <summary>Null: it answers at once.</summary>
        public Task<AlertAnswer>? UnderWay { get; set; }

        public int Most { get; set; } = 10;

        public List<IReadOnlyList<Alert>> Messages { get; } = [];

        public int MostTogether => Most;

        public TimeSpan Pace => TimeSpan.FromSeconds(1);

        public Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
        {
            Messages.Add(alerts);
            return UnderWay ?? Task.FromResult(Answer);
        }

        public void Dispose()
        {
        }
    }
}
