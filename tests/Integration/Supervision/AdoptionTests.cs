using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Scene 1: the agent is killed, and nobody but its user notices.</summary>
public sealed class AdoptionTests : IAsyncDisposable
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

        await KillAgentAsync();
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
        await KillAgentAsync();
        await service.StatusAsync();

        Process.GetProcessById(started.After!.Pid!.Value).Kill();
        await _home.Manager.WaitAsync("orphan", ServiceState.Failed, TimeSpan.FromSeconds(5), CancellationToken.None);

        Assert.Equal(started.After.Pid, (await service.StatusAsync()).LastExit?.Pid);
    }

    [Fact]
    public async Task What_ended_while_there_was_no_agent_is_started_again()
    {
        var service = new FlaskService(_home, "missed");
        var started = await service.MustAsync(ServiceAction.Start);
        // The wanted state is written within a moment.
        await Task.Delay(200);
        await KillAgentAsync();
        using (var main = Process.GetProcessById(started.After!.Pid!.Value))
        {
            main.Kill();
            await main.WaitForExitAsync();
        }

        await _home.Manager.WaitAsync("missed", ServiceState.Running, TimeSpan.FromSeconds(15), CancellationToken.None);

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_generation_that_was_starting_when_the_agent_died_is_ended()
    {
        var service = new FlaskService(_home, "half", app: "import time\ntime.sleep(60)\n");
        await _home.Manager.RegisterAsync(service.Folder, null, CancellationToken.None);
        var start = service.OrderAsync(ServiceAction.Start);
        await _home.Manager.WaitAsync("half", ServiceState.Starting, TimeSpan.FromSeconds(5), CancellationToken.None);
        int? pid;
        do
        {
            await Task.Delay(20);
            pid = (await service.StatusAsync()).Pid;
        }
        while (pid is null);

        await KillAgentAsync();
        await Assert.ThrowsAnyAsync<ServiceCtlException>(() => start);
        await service.OrderAsync(ServiceAction.Stop);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!HasEnded(pid.Value))
            await Task.Delay(50, limit.Token);
    }

    [Fact]
    public async Task A_stopped_service_stays_stopped()
    {
        var service = new FlaskService(_home, "resting");
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);
        await KillAgentAsync();

        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
    }

    /// <summary>Whoever inherits the orphans here may be slow to reap them.</summary>
    private static bool HasEnded(int pid) => ServiceCtl.Engine.Processes.ProcessIdentity.Of(pid) is null;

    private async Task KillAgentAsync()
    {
        var info = await _home.Manager.GetAgentAsync(CancellationToken.None);
        using var agent = Process.GetProcessById(info!.Pid);
        agent.Kill();
        await agent.WaitForExitAsync();
    }
}
