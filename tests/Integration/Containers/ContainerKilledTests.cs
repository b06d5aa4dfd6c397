using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Containers;

/// <summary>The agent, the container, its keeper or the engine is killed with -9. Nothing is orphaned, nothing runs twice.</summary>
public sealed class ContainerKilledTests(ContainerEngines engines) : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task After_the_agent_everything_is_adopted(string name)
    {
        var service = new ContainerService(_home, await engines.OfAsync(name), "web");
        var started = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(50);

        await _home.KillAgentAsync();
        await load.ReachAsync(load.Succeeded + 50);
        var status = await service.StatusAsync();

        Assert.Equal((ServiceState.Running, started.After!.Pid, 1), (status.State, status.Pid, status.Generation));
        await service.HasOneContainerAsync();
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 50);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        await service.HasOneContainerAsync();
        await service.MustAsync(ServiceAction.Stop);
        await service.HasNoContainerAsync();
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task After_the_container_the_restart_policy_acts(string name)
    {
        var service = new ContainerService(_home, await engines.OfAsync(name), "web");
        await service.MustAsync(ServiceAction.Start);

        await KillAsync(await service.MainPidAsync());

        await RunsAgainAsync(service);
    }

    [Fact]
    public async Task After_the_keeper_its_container_goes_and_another_comes()
    {
        var service = new ContainerService(_home, await engines.DockerAsync(), "web");
        var started = await service.MustAsync(ServiceAction.Start);
        var main = await service.MainPidAsync();

        await KillAsync(started.After!.Pid!.Value);

        await RunsAgainAsync(service);
        Assert.NotEqual(main, await service.MainPidAsync());
        Assert.False(Directory.Exists($"/proc/{main}"), "the container of the killed keeper lives on");
    }

    [Fact]
    public async Task After_dockerd_a_service_goes_on_and_obeys()
    {
        await using var docker = await DockerDaemon.StartAsync();
        var service = new ContainerService(_home, docker, "web");
        var started = await service.MustAsync(ServiceAction.Start);
        var main = await service.MainPidAsync();
        await using var load = new Load(service.Port);
        await load.ReachAsync(50);

        await docker.KillAsync();
        await load.ReachAsync(load.Succeeded + 50);
        var without = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, started.After!.Pid), (without.State, without.Pid));
        await docker.StartAgainAsync();
        await load.ReachAsync(load.Succeeded + 50);

        Assert.Equal(main, await service.MainPidAsync());
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 50);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        await service.HasOneContainerAsync();
        await service.MustAsync(ServiceAction.Stop);
        await service.HasNoContainerAsync();
    }

    [Fact]
    public async Task Without_dockerd_a_service_can_be_stopped()
    {
        await using var docker = await DockerDaemon.StartAsync();
        var service = new ContainerService(_home, docker, "web");
        await service.MustAsync(ServiceAction.Start);
        var main = await service.MainPidAsync();

        await docker.KillAsync();
        await service.MustAsync(ServiceAction.Stop);

        Assert.False(Directory.Exists($"/proc/{main}"), "the container lives on");
        Assert.Equal(ServiceState.Stopped, (await service.StatusAsync()).State);
        await docker.StartAgainAsync();
        await service.MustAsync(ServiceAction.Start);
        await service.HasOneContainerAsync();
    }

    private static async Task KillAsync(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
        await process.WaitForExitAsync();
    }

    private async Task RunsAgainAsync(ContainerService service)
    {
        await Condition.HoldsAsync(
            async () => await service.StatusAsync() is { State: ServiceState.Running, Generation: 2 }, "the second generation runs");
        Assert.Equal("one", await service.GetAsync("/version"));
        await service.HasOneContainerAsync();
        Assert.Single(_home.ProcessesOf(service.Name).Select(process => process.Generation).Distinct());
    }
}
