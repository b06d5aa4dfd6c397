using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>What an agent finds when it starts: nothing but the catalog after a reboot, services that were left to it, or stray ones.</summary>
public sealed class BootTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_ran_before_a_reboot_runs_after_it_in_the_order_of_what_is_required(bool runFolderIsGone)
    {
        // Each notes when it starts; the required one takes its time.
        var log = Path.Combine(_home.Folder("log"), "starts");
        string Note(string name, string wait) => $"{wait}echo {name} >> {log}\necho serving\nexec sleep 1000";
        var cache = Sleepers.Create(_home, "cache", script: Note("cache", ""));
        var shop = Sleepers.Create(_home, "a-shop", "requires: [cache]", Note("a-shop", ""));
        var resting = Sleepers.Create(_home, "resting");
        await _home.Client.Services.RegisterAsync(cache.Folder, null, CancellationToken.None);
        await shop.MustAsync(ServiceAction.Start);
        await resting.MustAsync(ServiceAction.Start);
        await resting.MustAsync(ServiceAction.Stop);
        File.WriteAllText(Path.Combine(cache.Folder, "run.sh"), $"#!/bin/sh\nsleep 0.5\necho up\n{Note("cache", "")}\n");
        var before = await cache.StatusAsync();
        await RebootAsync(runFolderIsGone, before.Pid!.Value, (await shop.StatusAsync()).Pid!.Value);
        File.Delete(log);

        await _home.Client.Services.WaitAsync("a-shop", ServiceState.Running, Patience.Limit, CancellationToken.None);

        await UntilAsync(() => File.Exists(log) && File.ReadAllLines(log).Length >= 2);
        Assert.Equal(["cache", "a-shop"], File.ReadAllLines(log));
        Assert.Equal(ServiceState.Running, (await cache.StatusAsync()).State);
        Assert.Equal(ServiceState.Stopped, (await resting.StatusAsync()).State);
    }

    [Fact]
    public async Task A_requirement_that_can_not_be_started_at_boot_is_named()
    {
        var cache = Sleepers.Create(_home, "cache", "restart: {delay: 10ms, give_up: 2 in 1m}");
        var shop = Sleepers.Create(_home, "shop", "requires: [cache]");
        await _home.Client.Services.RegisterAsync(cache.Folder, null, CancellationToken.None);
        await shop.MustAsync(ServiceAction.Start);
        File.WriteAllText(Path.Combine(cache.Folder, "run.sh"), "#!/bin/sh\nexit 4\n");
        await RebootAsync(true, (await cache.StatusAsync()).Pid!.Value, (await shop.StatusAsync()).Pid!.Value);

        await _home.Client.Services.WaitAsync("shop", ServiceState.Failed, Patience.Limit, CancellationToken.None);

        Assert.Contains("because cache, which it requires, failed", (await shop.StatusAsync()).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_survived_without_a_run_folder_does_not_run_twice()
    {
        var service = Sleepers.Create(_home, "stray", script: "setsid sleep 1234 &\nexec sleep 1000");
        var started = await service.MustAsync(ServiceAction.Start);
        await SettleAsync();
        await _home.KillAgentAsync();
        Directory.Delete(_home.Paths.ServiceRun("stray"), recursive: true);

        await _home.Client.Services.WaitAsync("stray", ServiceState.Running, Patience.Limit, CancellationToken.None);

        var status = await service.WithProcessesAsync(2);
        Assert.NotEqual(started.After!.Pid, status.Pid);
        Assert.Null(ProcessIdentity.Of(started.After.Pid!.Value));
        Assert.Equal(2, status.Generation);
    }

    [Fact]
    public async Task What_a_service_that_ended_meanwhile_left_behind_is_ended()
    {
        var service = Sleepers.Create(_home, "messy", script: "setsid sleep 1234 &\nexec sleep 1000");
        var started = await service.MustAsync(ServiceAction.Start);
        await service.WithProcessesAsync(2);
        var helper = Assert.Single(ProcessTable.Read().DescendantsOf(started.After!.Pid!.Value)).Identity;
        await SettleAsync();
        await _home.KillAgentAsync();
        using (var main = Process.GetProcessById(started.After.Pid.Value))
            main.Kill();

        await _home.Client.Services.WaitAsync("messy", ServiceState.Running, Patience.Limit, CancellationToken.None);

        Assert.False(helper.IsAlive());
        await service.WithProcessesAsync(2);
    }

    [Fact]
    public async Task An_agent_that_leaves_the_services_running_is_followed_by_one_that_takes_them_on()
    {
        var service = new FlaskService(_home, "kept");
        var started = await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port);
        await load.ReachAsync(100);

        Assert.True(await _home.Client.Agent.StopAsync(RunningServices.Keep, CancellationToken.None));
        Assert.Null(await _home.Client.Agent.FindAsync(CancellationToken.None));
        await load.ReachAsync(load.Succeeded + 100);
        var status = await service.StatusAsync();
        await load.ReachAsync(load.Succeeded + 100);

        Assert.Equal((ServiceState.Running, started.After!.Pid), (status.State, status.Pid));
        Assert.True(load.Failed == 0, load.FirstFailure);
    }

    [Fact]
    public async Task The_command_says_what_becomes_of_running_services()
    {
        var service = Sleepers.Create(_home, "kept");
        var started = await service.MustAsync(ServiceAction.Start);

        var refused = await _home.RunAsync("/", "agent", "stop");
        var both = await _home.RunAsync("/", "agent", "stop", "--force", "--keep-services");
        var kept = await _home.RunAsync("/", "agent", "stop", "--keep-services");

        Assert.Equal(1, refused.Code);
        Assert.Contains("--keep-services", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, both.Code);
        Assert.Equal((0, "The agent has stopped."), (kept.Code, kept.Output.Trim()));
        Assert.Equal(started.After!.Pid, (await service.StatusAsync()).Pid);
    }

    /// <summary>As seen from the services' side: everything is gone at once, and what was in memory with it.</summary>
    private async Task RebootAsync(bool clears, params int[] pids)
    {
        await SettleAsync();
        await _home.KillAgentAsync();
        foreach (var pid in pids)
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }

        await UntilAsync(() => Array.TrueForAll(pids, pid => ProcessIdentity.Of(pid) is null));
        if (clears)
            Directory.Delete(Path.Combine(_home.Paths.Home, "run"), recursive: true);
    }

    /// <summary>What is to run is written within a moment.</summary>
    private static Task SettleAsync() => Task.Delay(200);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = Patience.Begin();
        while (!condition())
            await Task.Delay(20, limit.Token);
    }
}
