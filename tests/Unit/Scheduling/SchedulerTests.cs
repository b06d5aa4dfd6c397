using System.Collections.Concurrent;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Scheduling;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Scheduling;

/// <summary>Orders at set times, by a clock that a test sets.</summary>
public sealed class SchedulerTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("scheduler-").FullName;
    private readonly FakeTimeProvider _time = new(At("2026-11-30T10:20:00Z"));
    private readonly ConcurrentQueue<ServiceEvent> _events = new();
    private readonly ConcurrentQueue<ServiceAction> _orders = new();
    private readonly SemaphoreSlim _ordered = new(0);
    private readonly ExitWatcher _watcher = new();
    private readonly ProcessScopes _scopes;
    private readonly LogCapture _capture;
    private TaskCompletionSource _answer = Answered();
    private bool _isWanted = true;

    public SchedulerTests()
    {
        _scopes = new ProcessScopes(_home, _watcher, _time);
        _capture = new LogCapture(_time, _ => { });
    }

    private AgentPaths Paths => AgentPaths.For(name => name == "SERVICECTL_HOME" ? _home : null, "somebody");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _capture.Dispose();
        _scopes.Dispose();
        _watcher.Dispose();
        _ordered.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task An_order_is_given_at_its_time_and_nothing_before()
    {
        await using var scheduler = Begin(Restart("0 * * * *"));

        _time.Advance(TimeSpan.FromMinutes(39));
        Assert.Empty(_orders);
        Assert.Equal(At("2026-11-30T11:00:00Z"), Assert.Single(scheduler.List("web")).NextAt);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(ServiceAction.Restart, Assert.Single(_orders));
        await EventAsync(ServiceEventKind.ScheduleRan);
    }

    [Fact]
    public async Task A_service_that_was_stopped_is_left_alone_unless_it_is_to_be_started()
    {
        _isWanted = false;
        await using var scheduler = Begin(Restart("0 * * * *"), Restart("0 * * * *") with { Name = "up", Do = ServiceAction.Start });

        _time.Advance(TimeSpan.FromMinutes(40));

        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(ServiceAction.Start, Assert.Single(_orders));
        Assert.DoesNotContain(_events, happened => happened.Kind == ServiceEventKind.ScheduleMissed);
        Assert.Equal([null, At("2026-11-30T12:00:00Z")], scheduler.List("web").Select(schedule => schedule.NextAt));
    }

    [Fact]
    public async Task A_clock_that_is_set_forward_makes_it_missed_and_that_is_one_event()
    {
        await using var scheduler = Begin(Restart("0 * * * *"));

        _time.AdjustTime(At("2026-11-30T14:30:00Z"));
        scheduler.Look();

        var missed = await EventAsync(ServiceEventKind.ScheduleMissed);
        Assert.Contains("missed 4 times", missed.Message, StringComparison.Ordinal);
        Assert.Contains("the machine was asleep, or its clock was set", missed.Message, StringComparison.Ordinal);
        Assert.Empty(_orders);
        var schedule = Assert.Single(scheduler.List("web"));
        Assert.Equal((ScheduleOutcome.Missed, 4, At("2026-11-30T15:00:00Z")), (schedule.LastOutcome, schedule.Missed, schedule.NextAt));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_repeats_nothing_and_holds_nothing_up()
    {
        await using var scheduler = Begin(Restart("0 * * * *"));

        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        await EventAsync(ServiceEventKind.ScheduleRan);
        _time.AdjustTime(At("2026-11-30T10:59:00Z"));
        scheduler.Look();
        _time.Advance(TimeSpan.FromMinutes(2));
        scheduler.Look();
        Assert.Single(_orders);
        Assert.Equal(At("2026-11-30T12:00:00Z"), Assert.Single(scheduler.List("web")).NextAt);
        _time.AdjustTime(At("2020-01-01T00:10:00Z"));
        scheduler.Look();
        Assert.Equal(At("2020-01-01T01:00:00Z"), Assert.Single(scheduler.List("web")).NextAt);
    }

    [Fact]
    public async Task What_was_missed_while_there_was_no_agent_is_known_to_the_next_and_made_up_for_on_request()
    {
        await using (var first = Begin(Restart("0 * * * *") with { CatchUp = true }))
        {
            _time.Advance(TimeSpan.FromMinutes(40));
            Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
            await EventAsync(ServiceEventKind.ScheduleRan);
        }

        _time.Advance(TimeSpan.FromHours(5.5));
        await using var second = Begin(Restart("0 * * * *") with { CatchUp = true });

        var missed = await EventAsync(ServiceEventKind.ScheduleMissed);
        Assert.Contains("missed 5 times", missed.Message, StringComparison.Ordinal);
        Assert.Contains("there was no agent", missed.Message, StringComparison.Ordinal);
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(2, _orders.Count);
    }

    [Fact]
    public async Task A_run_that_still_goes_on_has_the_next_passed_over_and_that_is_told_once()
    {
        _answer = new TaskCompletionSource();
        await using var scheduler = Begin(Restart("0 * * * *"));

        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        _time.Advance(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("was skipped at ", (await EventAsync(ServiceEventKind.ScheduleMissed)).Message, StringComparison.Ordinal);
        // The next agent must not count it as missed.
        Assert.True(JobRecords.Read(Paths.ServiceSchedules("web"))["restart"].LookedAt >= At("2026-11-30T12:00:00Z"));
        _answer.SetResult();
        await EventAsync(ServiceEventKind.ScheduleRan);
        Assert.Single(_orders);
        Assert.Single(_events, happened => happened.Kind == ServiceEventKind.ScheduleMissed);
    }

    [Fact]
    public async Task Runs_that_queue_are_one()
    {
        _answer = new TaskCompletionSource();
        await using var scheduler = Begin(Restart("0 * * * *") with { Overlap = OverlapPolicy.Queue });

        _time.Advance(TimeSpan.FromMinutes(40));
        _time.Advance(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        _answer.SetResult();
        Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
        while (scheduler.List("web")[0].IsRunning)
            await Task.Yield();
        Assert.Equal(2, _orders.Count);
    }

    [Fact]
    public async Task A_thousand_services_have_one_timer_and_each_its_turn()
    {
        await using var scheduler = New();
        for (var number = 0; number < 1000; number++)
            scheduler.Follow(Definition($"web-{number}", Restart($"{number % 60} * * * *")), isServing: true, isStarted: true);

        for (var minute = 0; minute < 60; minute++)
            _time.Advance(TimeSpan.FromMinutes(1));

        for (var number = 0; number < 1000; number++)
            Assert.True(await _ordered.WaitAsync(TimeSpan.FromMinutes(1), Token));
    }

    private static ScheduleRule Restart(string cron) =>
        new() { Name = "restart", Cron = cron, TimeZone = "UTC", Do = ServiceAction.Restart };

    private static ServiceDefinition Definition(string name, params ScheduleRule[] rules) => new()
    {
        Name = name,
        Folder = "/",
        ConfigPath = "/config.yaml",
        Runner = "command",
        Schedule = rules,
    };

    private Scheduler Begin(params ScheduleRule[] rules)
    {
        var scheduler = New();
        scheduler.Follow(Definition("web", rules), isServing: true);
        return scheduler;
    }

    private Scheduler New()
    {
        return new Scheduler(Paths, new SchedulerTools(_scopes, _watcher, _capture, _time), new ScheduleHost
        {
            IsWanted = _ => _isWanted,
            Publish = _events.Enqueue,
            Order = async (service, action, _, _) =>
            {
                _orders.Enqueue(action);
                _ordered.Release();
                await _answer.Task;
                return new OperationResult { Service = service, Action = action, Outcome = OperationOutcome.Done, Message = "Done." };
            },
        });
    }

    private async Task<ServiceEvent> EventAsync(ServiceEventKind kind)
    {
        while (true)
        {
            if (_events.FirstOrDefault(happened => happened.Kind == kind) is { } found)
                return found;
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static TaskCompletionSource Answered()
    {
        var answered = new TaskCompletionSource();
        answered.SetResult();
        return answered;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
