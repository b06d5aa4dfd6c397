using System.Text.Json;
using Serilog.Core;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Alerts;
using ServiceCtl.Engine.Events;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Alerts;

/// <summary>The sender, with files of its own and a receiver that waits.</summary>
public sealed class AlertSenderTests : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("sender-").FullName;
    private readonly FakeHook _hook = new();
    private readonly AgentPaths _paths;
    private Task _running = Task.CompletedTask;
    private int _looks;
    private bool _isOver;

    public AlertSenderTests()
    {
        _paths = AgentPaths.For(name => name == "SERVICECTL_HOME" ? _home : null, "somebody");
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isOver, true);
        await Task.WhenAny(_running);
        await _hook.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_destination_that_goes_and_comes_while_its_message_is_under_way_hears_the_next()
    {
        var gate = new TaskCompletionSource();
        _hook.Gate = gate.Task;
        Name("web");
        Write(Of(1, ServiceEventKind.Crashed));
        Start();
        await HoldsAsync(() => _hook.Asked.Count == 1, TestContext.Current.CancellationToken);

        Name();
        await LooksAsync(TestContext.Current.CancellationToken);
        Name("web");
        await LooksAsync(TestContext.Current.CancellationToken);
        gate.SetResult();
        Write(Of(1, ServiceEventKind.Crashed), Of(2, ServiceEventKind.Restarted));

        await HoldsAsync(() => _hook.Asked.Count == 2, TestContext.Current.CancellationToken);
        Assert.Contains("BACK", _hook.Asked.Last(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_journal_holds_that_began_again_is_sent()
    {
        Name("web");
        Write(Of(8, ServiceEventKind.Crashed));
        Start();
        await HoldsAsync(() => SenderRecord.Read(_paths.Alerts).Destinations.Values.Any(record => record.Sent == 1),
            TestContext.Current.CancellationToken);

        Write(Of(1, ServiceEventKind.Restarted));

        await HoldsAsync(() => _hook.Asked.Count == 2, TestContext.Current.CancellationToken);
        Assert.Contains("BACK", _hook.Asked.Last(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(2 << 20, false)]
    [InlineData(8 << 20, true)]
    public async Task What_happens_in_an_hour_waits_for_a_receiver_that_is_down_if_the_journal_has_room(long size, bool isKept)
    {
        const int Count = 6000;
        _hook.Gate = new TaskCompletionSource().Task;
        Name("web");
        using (var hub = new EventHub(_paths.Events, Logger.None, size))
        {
            for (var number = 0; number < Count; number++)
                hub.Publish(Of(0, ServiceEventKind.ScheduleFailed) with { Message = new string('x', 600) });
        }

        Start();

        await HoldsAsync(() => Record() is { Waiting: > 0 }, TestContext.Current.CancellationToken);
        Assert.Equal((isKept, isKept), (Record()!.Lost == 0, Record()!.Waiting == Count));
    }

    private DestinationRecord? Record() => SenderRecord.Read(_paths.Alerts).Destinations.Values.SingleOrDefault();

    private void Start() => _running = new AlertSender(
        _paths, TimeProvider.System, () => Interlocked.Increment(ref _looks) > 0 && !Volatile.Read(ref _isOver), _ => { })
        .RunAsync(TestContext.Current.CancellationToken);

    /// <summary>It has read all that there is by now.</summary>
    private Task LooksAsync(CancellationToken cancellation)
    {
        var last = Volatile.Read(ref _looks);
        return HoldsAsync(() => Volatile.Read(ref _looks) >= last + 2, cancellation);
    }

    private async Task HoldsAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (!condition())
        {
            if (_running.IsCompleted)
                await _running;
            await Task.Delay(10, cancellation);
        }
    }

    private void Name(params string[] services) => new AlertRoutes
    {
        Services = services.ToDictionary(service => service, _ => new AlertRule
        {
            Destinations =
            [
                new AlertDestination
                {
                    Channel = AlertChannel.Slack,
                    Url = _hook.Url,
                    HearsInfo = true,
                    HearsCritical = true,
                },
            ],
        }),
    }.Write(_paths.Alerts);

    /// <summary>At once, as a reader of half of it would wait for the rest.</summary>
    private void Write(params ServiceEvent[] events)
    {
        var next = _paths.Events + ".next";
        File.WriteAllLines(next, events.Select(happened => JsonSerializer.Serialize(happened, EventJson.Default.ServiceEvent)));
        File.Move(next, _paths.Events, overwrite: true);
    }

    private static ServiceEvent Of(long number, ServiceEventKind kind) => new()
    {
        Sequence = number,
        Time = DateTimeOffset.UnixEpoch,
        Service = "web",
        Kind = kind,
        Message = "message",
    };
}
