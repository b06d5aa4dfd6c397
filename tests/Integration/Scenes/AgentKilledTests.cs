using System.Diagnostics;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Logs;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Scenes;

/// <summary>Scene 1: the agent is killed, and nobody but its user notices.</summary>
public sealed class AgentKilledTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task After_kill_9_under_load_everything_is_adopted_and_nothing_runs_twice()
    {
        var service = new FlaskService(_home, "adopted");
        var started = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(200);

        await _home.KillAgentAsync();
        await load.ReachAsync(load.Succeeded + 200);
        var status = await service.StatusAsync();

        Assert.Equal((ServiceState.Running, started.After!.Pid, 1), (status.State, status.Pid, status.Generation));
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        Assert.True(HasEnded(started.After.Pid!.Value));
        Assert.Equal(3, (await service.StatusAsync()).ProcessCount);
    }

    [Fact]
    public async Task The_end_of_an_adopted_service_is_noticed_with_its_signal()
    {
        var service = new FlaskService(_home, "orphan", more: "service: {restart: {when: never}}");
        var started = await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        await service.StatusAsync();

        Process.GetProcessById(started.After!.Pid!.Value).Kill();
        await _home.Client.Services.WaitAsync("orphan", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Equal(started.After.Pid, (await service.StatusAsync()).LastExit?.Pid);
    }

    [Fact]
    public async Task What_ended_while_there_was_no_agent_is_started_again()
    {
        var service = new FlaskService(_home, "missed");
        var started = await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        using (var main = Process.GetProcessById(started.After!.Pid!.Value))
        {
            main.Kill();
            await main.WaitForExitAsync();
        }

        await _home.Client.Services.WaitAsync("missed", ServiceState.Running, Patience.Limit, CancellationToken.None);

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_generation_that_was_starting_when_the_agent_died_is_ended()
    {
        var service = new FlaskService(_home, "half", app: "import time\ntime.sleep(60)\n");
        await _home.Client.Services.RegisterAsync(service.Folder, null, CancellationToken.None);
        var start = service.OrderAsync(ServiceAction.Start);
        await _home.Client.Services.WaitAsync("half", ServiceState.Starting, Patience.Limit, CancellationToken.None);
        int? pid;
        do
        {
            await Task.Delay(20);
            pid = (await service.StatusAsync()).Pid;
        }
        while (pid is null);

        await _home.KillAgentAsync();
        await Assert.ThrowsAnyAsync<ServiceCtlException>(() => start);
        await service.OrderAsync(ServiceAction.Stop);

        await Condition.HoldsAsync(() => HasEnded(pid.Value), "it has been ended");
    }

    [Fact]
    public async Task A_stopped_service_stays_stopped()
    {
        var service = new FlaskService(_home, "resting");
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);
        await _home.KillAgentAsync();

        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    [Fact]
    public async Task No_line_of_the_log_is_lost_however_often_the_agent_is_killed()
    {
        var service = new LocalService(_home, "printer", """
            service: {runner: python, ready: {log: ^0}, logs: {max_size: 20KB, keep: 10000}}
            """, ("main.py", """
            import itertools, signal, sys, time
            ended = []
            signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
            for number in itertools.count():
                print(f'{number:012d} a numbered line', flush=True)
                if ended:
                    print(f'{number + 1:012d} the last one', flush=True)
                    sys.exit()
                time.sleep(0.0002)
            """));
        await service.MustAsync(ServiceAction.Start);
        var folder = _home.Paths.ServiceLogs("printer");
        for (var kill = 0; kill < 5; kill++)
        {
            var files = Directory.GetFiles(folder).Length;
            await _home.KillAgentAsync();
            // While nobody reads, the lines wait in the pipe.
            await Task.Delay(50);
            Assert.Equal(ServiceState.Running, (await service.StatusAsync()).State);
            await Condition.HoldsAsync(() => Directory.GetFiles(folder).Length > files, "the next agent captures and rotates");
        }

        await service.MustAsync(ServiceAction.Stop);

        var log = CaptureBench.Everything(Path.Combine(folder, "output.log"));
        Assert.True(CaptureBench.CountNumbered(log) > 1000);
        Assert.EndsWith(" the last one\n", Encoding.UTF8.GetString(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_a_restart_the_new_generation_is_ended_and_the_old_one_serves_on(bool isRecorded)
    {
        var service = Slow("restarted");
        var first = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(100);
        service.Replace("app.py", "BOOT = 0", "BOOT = 300");
        var restart = service.OrderAsync(ServiceAction.Restart);
        await WaitForGenerationAsync("restarted", 2);

        await _home.KillAgentAsync();
        // As in the instant in which it was spawned.
        if (!isRecorded)
            File.Delete(Path.Combine(_home.Paths.ServiceRun("restarted"), "2", "generation.json"));

        Assert.Equal(ErrorCode.AgentUnreachable, (await Assert.ThrowsAsync<ServiceCtlException>(() => restart)).Code);
        var status = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, first.After!.Pid), (status.State, status.Pid));
        await _home.RunsOnceAsync("restarted", 3);
        service.Replace("app.py", "BOOT = 300", "BOOT = 0");
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_the_middle_of_a_hot_restart_nothing_is_lost_and_one_generation_is_left(bool isReloading)
    {
        var service = Slow("reloaded");
        var first = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(100);
        service.Replace("app.py", "BOOT = 0", "BOOT = 2");
        var reload = service.OrderAsync(ServiceAction.HotRestart);
        // The bridge is launched first; the reload begins when it serves.
        await WaitForGenerationAsync("reloaded", 2);
        if (isReloading)
            await _home.Client.Services.WaitAsync("reloaded", ServiceState.Restarting, Patience.Limit, CancellationToken.None);

        await _home.KillAgentAsync();

        Assert.Equal(ErrorCode.AgentUnreachable, (await Assert.ThrowsAsync<ServiceCtlException>(() => reload)).Code);
        Assert.Equal(first.After!.Pid, (await service.StatusAsync()).Pid);
        await _home.RunsOnceAsync("reloaded", 3);
        await load.ReachAsync(load.Succeeded + 200);
        await service.MustAsync(ServiceAction.HotRestart);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        Assert.Equal(first.After.Pid, (await service.StatusAsync()).Pid);
    }

    [Fact]
    public async Task In_the_middle_of_a_stop_the_requests_finish_and_the_service_stays_stopped()
    {
        var service = new FlaskService(_home, "stopping", more: "service: {stop: {timeout: 2m}}");
        await service.MustAsync(ServiceAction.Start);
        var slow = await service.BeginAsync("/until/released");
        var stop = service.OrderAsync(ServiceAction.Stop);
        await _home.Client.Services.WaitAsync("stopping", ServiceState.Stopping, Patience.Limit, CancellationToken.None);
        // The order is on disk within a moment.
        await Condition.HoldsAsync(() => !File.ReadAllText(_home.Paths.Catalog).Contains("true", StringComparison.Ordinal),
            "the wanted state is written");

        await _home.KillAgentAsync();

        await Assert.ThrowsAnyAsync<ServiceCtlException>(() => stop);
        File.WriteAllText(Path.Combine(service.Folder, "released"), "");
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
        Assert.Equal("done", await slow);
        await _home.RunsOnceAsync("stopping", 0);
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
        await service.MustAsync(ServiceAction.Start);
    }

    [Fact]
    public async Task While_the_old_generation_finishes_its_requests_it_may_go_on_and_the_new_one_serves()
    {
        var service = new FlaskService(_home, "draining", more: "service: {stop: {timeout: 60s}}");
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(100);
        var slow = await service.BeginAsync("/until/released");
        var restart = service.OrderAsync(ServiceAction.Restart);
        await Condition.HoldsAsync(async () => await service.StatusAsync() is { Generation: 2, State: ServiceState.Running },
            "the new generation serves");
        await WaitForGenerationAsync("draining", 1);

        await _home.KillAgentAsync();

        await Assert.ThrowsAnyAsync<ServiceCtlException>(() => restart);
        Assert.Equal((ServiceState.Running, 2), (await service.StatusAsync() is var status ? (status.State, status.Generation) : default));
        File.WriteAllText(Path.Combine(service.Folder, "released"), "");
        Assert.Equal("done", await slow);
        await _home.RunsOnceAsync("draining", 3);
        await load.ReachAsync(load.Succeeded + 200);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Helpers_of_a_service_that_ended_while_there_was_no_agent_are_not_doubled(bool recordIsLost)
    {
        var service = new LocalService(_home, "helped", """
            service: {runner: command, command: [/bin/sh, -c, 'setsid sleep 1000 & sleep 1001 & wait']}
            """);
        var started = await service.MustAsync(ServiceAction.Start);
        await _home.RunsOnceAsync("helped", 3);
        await _home.KillAgentAsync();
        if (recordIsLost)
            File.WriteAllText(Path.Combine(_home.Paths.ServiceRun("helped"), "1", "serving.json"), "{\"Number\": 1, \"Pro");
        else
            Process.GetProcessById(started.After!.Pid!.Value).Kill();

        await _home.Client.Services.WaitAsync("helped", ServiceState.Running, Patience.Limit, CancellationToken.None);

        await _home.RunsOnceAsync("helped", 3);
        Assert.All(_home.ProcessesOf("helped"), process => Assert.Equal(2, process.Generation));
        await service.MustAsync(ServiceAction.Stop);
        Assert.Empty(_home.ProcessesOf("helped"));
    }

    /// <summary>Whoever inherits the orphans here may be slow to reap them.</summary>
    private static bool HasEnded(int pid) => ServiceCtl.Engine.Processes.ProcessIdentity.Of(pid) is null;

    /// <summary>Takes as long to boot as its code says.</summary>
    private FlaskService Slow(string name) => new(_home, name, app: "import time\nBOOT = 0\ntime.sleep(BOOT)\n" + FlaskService.App);

    private async Task WaitForGenerationAsync(string service, int number) => await Condition.HoldsAsync(() =>
        File.Exists(Path.Combine(_home.Paths.ServiceRun(service), $"{number}", "pid")), $"generation {number} was launched");
}
