using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scheduling;

/// <summary>What is done at set times is done by real programs, once, with what the service has, and leaves nothing behind.</summary>
public sealed class ScheduleTests : IAsyncDisposable
{
    private const string Never = "0 0 1 1 *";
    private const string EachSecond = "* * * * * *";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_program_runs_at_its_time_in_the_folder_and_environment_of_the_service_and_its_output_is_kept()
    {
        var service = Of("web", $$"""[{cron: "{{EachSecond}}", run: [./job.sh], overlap: skip}]""",
            "echo \"$PWD $GREETING $SERVICECTL_SCHEDULE $SERVICECTL_SERVICE\"");
        await service.MustAsync(ServiceAction.Start);

        var ran = await EventAsync(ServiceEventKind.ScheduleRan);
        var schedule = await ScheduleAsync("web");

        Assert.Contains("The schedule job of web ran for", ran.Message, StringComparison.Ordinal);
        Assert.Equal((ScheduleOutcome.Succeeded, "./job.sh"), (schedule.LastOutcome, schedule.Does));
        Assert.True(schedule.NextAt > DateTimeOffset.Now.AddSeconds(-30));
        Assert.Equal($"{service.Folder} hello job web", File.ReadLines(schedule.LogPath!).First());
        await service.MustAsync(ServiceAction.Stop);
        Assert.Null((await ScheduleAsync("web")).NextAt);
        Assert.Empty(_home.ProcessesOf("web"));
    }

    [Fact]
    public async Task One_that_is_run_by_hand_says_how_it_ended_on_both_ways_and_a_failure_has_its_last_lines()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", run: [./job.sh]}]""", "echo no database; exit 3");
        await service.MustAsync(ServiceAction.Start);

        var run = await _home.RunAsync("/", "schedules", "run", "web", "job");

        Assert.Equal(1, run.Code);
        Assert.Contains("The schedule job of web failed after", run.Output, StringComparison.Ordinal);
        Assert.Contains("exit code 3", run.Output, StringComparison.Ordinal);
        var failed = await EventAsync(ServiceEventKind.ScheduleFailed);
        Assert.Equal((3, "no database"), (failed.Exit!.Code, Assert.Single(failed.Exit.LastLines)));
        var shown = await _home.RunAsync("/", "schedules");
        Assert.Contains("web  job  (0 0 1 1 *: ./job.sh)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Failed: The schedule job of web failed", shown.Output, StringComparison.Ordinal);
        var unknown = await _home.RunAsync("/", "schedules", "run", "web", "jbo");
        Assert.Contains("It has job.", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_takes_too_long_is_ended_with_everything_it_has_started()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", run: [./job.sh], timeout: 300ms}]""",
            "trap '' TERM\nsetsid sleep 987 &\nwhile :; do sleep 0.1; done");
        await service.MustAsync(ServiceAction.Start);
        await _home.RunsOnceAsync("web", 1);

        var done = await _home.Client.Schedules.RunAsync("web", "job", wait: true, default);

        Assert.Equal(ScheduleOutcome.TimedOut, done.LastOutcome);
        await _home.RunsOnceAsync("web", 1);
    }

    [Fact]
    public async Task A_stop_ends_the_run_and_what_a_run_leaves_in_the_background_ends_with_it()
    {
        var service = Of("web",
            $$"""[{cron: "{{Never}}", run: [./job.sh]}, {name: bg, cron: "{{Never}}", run: [sh, -c, "setsid sleep 986 & echo left"]}]""",
            "touch begun; exec sleep 985");
        await service.MustAsync(ServiceAction.Start);

        await _home.Client.Schedules.RunAsync("web", "bg", wait: true, default);
        await _home.RunsOnceAsync("web", 1);
        Assert.True((await _home.Client.Schedules.RunAsync("web", "job", wait: false, default)).IsRunning);
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(service.Folder, "begun")), "the run has begun");
        await Assert.ThrowsAsync<ServiceCtlException>(() => _home.Client.Schedules.RunAsync("web", "job", wait: true, default));
        await service.MustAsync(ServiceAction.Stop);

        Assert.Empty(_home.ProcessesOf("web"));
        Assert.Equal(ScheduleOutcome.Ended, (await _home.Client.Schedules.GetAsync(["web"], default)).Single(one => one.Name == "job")
            .LastOutcome);
    }

    [Fact]
    public async Task A_run_that_a_killed_agent_leaves_behind_is_ended_and_reported_by_the_next()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", run: [./job.sh]}]""", "touch begun; exec sleep 984");
        await service.MustAsync(ServiceAction.Start);
        await _home.Client.Schedules.RunAsync("web", "job", wait: false, default);
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(service.Folder, "begun")), "the run has begun");

        await _home.KillAgentAsync();
        await _home.Client.Agent.StartAsync(default);

        Assert.Contains("was interrupted: the agent ended while it ran.", (await EventAsync(ServiceEventKind.ScheduleFailed)).Message,
            StringComparison.Ordinal);
        await _home.RunsOnceAsync("web", 1);
        Assert.Equal(ScheduleOutcome.Interrupted, (await ScheduleAsync("web")).LastOutcome);
    }

    [Fact]
    public async Task A_run_that_is_due_ends_the_one_before_with_everything_it_has_started_where_overlap_says_kill()
    {
        var service = Of("web", $$"""[{cron: "{{EachSecond}}", run: [./job.sh], overlap: kill}]""",
            "trap 'echo ended >>trace; exit 0' TERM\nsetsid sleep 981 &\necho begun >>trace\nwhile :; do sleep 0.05; done");
        await service.MustAsync(ServiceAction.Start);
        var trace = Path.Combine(service.Folder, "trace");

        await Condition.HoldsAsync(() => File.Exists(trace) && File.ReadAllLines(trace).Length >= 5, "three runs have begun");
        var lines = await File.ReadAllLinesAsync(trace);
        await service.MustAsync(ServiceAction.Stop);

        Assert.Equal(Enumerable.Range(0, lines.Length).Select(line => line % 2 == 0 ? "begun" : "ended"), lines);
        Assert.Empty(_home.ProcessesOf("web"));
    }

    [Fact]
    public async Task A_scheduled_restart_is_a_restart()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", do: restart}]""");
        await service.MustAsync(ServiceAction.Start);
        var before = await service.StatusAsync();

        var done = await _home.Client.Schedules.RunAsync("web", "restart", wait: true, default);

        Assert.Equal(ScheduleOutcome.Succeeded, done.LastOutcome);
        Assert.Equal(before.Generation + 1, (await service.StatusAsync()).Generation);
        Assert.Contains("web was restarted", done.LastMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_schedule_counts_from_the_next_restart_on()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", run: [./job.sh]}]""");
        await service.MustAsync(ServiceAction.Start);
        service.Replace("config.yaml", Never, "0 0 2 2 *");

        await service.StatusAsync();
        Assert.Equal(Never, (await ScheduleAsync("web")).Cron);
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("0 0 2 2 *", (await ScheduleAsync("web")).Cron);
        await service.MustAsync(ServiceAction.Stop);
        await _home.Client.Services.UnregisterAsync("web", default);
        Assert.False(File.Exists(_home.Paths.ServiceSchedules("web")));
    }

    [Fact]
    public async Task Secrets_of_the_configuration_are_in_no_event()
    {
        var service = Of("web", $$"""[{cron: "{{Never}}", run: [./job.sh, hunter22secret]}]""", "echo hunter22secret; exit 1");
        await File.AppendAllTextAsync(service.Config, "\ndb: {password: hunter22secret}\n");
        await service.MustAsync(ServiceAction.Start);

        var done = await _home.Client.Schedules.RunAsync("web", "job", wait: true, default);

        Assert.DoesNotContain("hunter22secret", done.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22secret", await File.ReadAllTextAsync(_home.Paths.Events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_foreground_obeys_the_schedule_and_a_restart_keeps_the_command()
    {
        var service = Of("web", $$"""[{name: beat, cron: "{{EachSecond}}", run: [./job.sh]}, {cron: "{{EachSecond}}", do: restart}]""",
            "echo beat >>beats");
        using var process = _home.Start(service.Folder, "run", service.Folder);
        var restarted = false;
        var ran = false;
        using var limit = Patience.Begin();
        while (!(restarted && ran))
        {
            var line = await process.StandardError.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("it has ended");
            restarted |= line.Contains("web is restarted by its schedule", StringComparison.Ordinal);
            ran |= line.Contains("The schedule beat of web ran", StringComparison.Ordinal);
        }

        _ = process.StandardError.ReadToEndAsync(limit.Token);
        using var terminate = Process.Start("/bin/kill", [$"{process.Id}"]);
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(_home.ProcessesOf("web"));
    }

    private LocalService Of(string name, string schedule, string job = "true") => new(
        _home, name,
        $$"""
        SERVICE_NAME: {{name}}
        service:
          runner: command
          command: [sleep, '600']
          ready: {delay: 10ms}
          environment: {GREETING: hello}
          schedule: {{schedule}}
        """,
        ("job.sh", $"#!/bin/sh\n{job}\n"));

    private async Task<PyServiceSchedule> ScheduleAsync(string service) =>
        Assert.Single(await _home.Client.Schedules.GetAsync([service], default));

    private async Task<ServiceEvent> EventAsync(ServiceEventKind kind)
    {
        ServiceEvent? found = null;
        await Condition.HoldsAsync(async () =>
        {
            var events = await _home.Client.Events.ReadAsync(new EventRequest { Services = [], Kinds = [kind] }, default).ToListAsync();
            found = events.FirstOrDefault();
            return found is not null;
        }, $"an event {kind}");
        return found!;
    }
}
