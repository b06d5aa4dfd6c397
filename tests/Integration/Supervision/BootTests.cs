using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>
/// What an agent finds when it starts: nothing but the catalog after a reboot, services that were left to it, or stray ones.
/// </summary>
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
    public async Task What_is_enabled_starts_at_boot_even_if_it_was_stopped_and_what_is_disabled_does_not()
    {
        var cache = Sleepers.Create(_home, "cache");
        var shop = Sleepers.Create(_home, "shop", "requires: [cache]");
        var batch = Sleepers.Create(_home, "batch");
        await _home.Client.Services.RegisterAsync(cache.Folder, null, CancellationToken.None);
        await _home.Client.Services.RegisterAsync(shop.Folder, null, CancellationToken.None);
        await batch.MustAsync(ServiceAction.Start);
        await MustRunAsync("enable", "shop");
        await MustRunAsync("disable", "batch");

        // Neither counts before the next boot, not even for another agent.
        await _home.KillAgentAsync();
        Assert.Equal((ServiceState.Stopped, BootStart.Enabled),
            (await shop.StatusAsync() is var stopped ? stopped.State : default, stopped.AtBoot));
        Assert.Equal((ServiceState.Running, BootStart.Disabled),
            (await batch.StatusAsync() is var running ? running.State : default, running.AtBoot));

        await RebootAsync(true, running.Pid!.Value);
        await _home.Client.Services.WaitAsync("shop", ServiceState.Running, Patience.Limit, CancellationToken.None);
        Assert.Equal(ServiceState.Running, (await cache.StatusAsync()).State);
        Assert.Equal(ServiceState.Stopped, (await batch.StatusAsync()).State);

        // An order counts until the next boot.
        await shop.MustAsync(ServiceAction.Stop);
        await _home.KillAgentAsync();
        Assert.Equal(ServiceState.Stopped, (await shop.StatusAsync()).State);
        await RebootAsync(true, (await cache.StatusAsync()).Pid!.Value);
        await _home.Client.Services.WaitAsync("shop", ServiceState.Running, Patience.Limit, CancellationToken.None);
    }

    [Fact]
    public async Task Enable_and_disable_say_what_they_do_once_or_twice_and_what_starts_no_agent()
    {
        var web = Sleepers.Create(_home, "web");
        await _home.Client.Services.RegisterAsync(web.Folder, null, CancellationToken.None);

        var first = await _home.RunAsync(web.Folder, "enable");
        var again = await _home.RunAsync("/", "enable", "web", "--json");
        var list = await _home.RunAsync("/", "list");
        var page = await _home.RunAsync("/", "status", "web");
        var disabled = await _home.RunAsync("/", "disable", "w*");
        var nobody = await _home.RunAsync("/", "enable", "nobody");

        Assert.Equal((0, "web starts at boot.\n"), (first.Code, first.Output));
        Assert.Contains("SERVICECTL_HOME chooses an agent of its own, which nothing starts at boot", first.Error, StringComparison.Ordinal);
        Assert.Contains("\"atBoot\":\"Enabled\"", again.Output, StringComparison.Ordinal);
        Assert.Contains("web  Stopped     enabled ", list.Output, StringComparison.Ordinal);
        Assert.Contains("at boot     starts", page.Output, StringComparison.Ordinal);
        Assert.Equal((0, "web does not start at boot.\n", ""), (disabled.Code, disabled.Output, disabled.Error));
        Assert.Equal((1, ""), (nobody.Code, nobody.Output));
        // Nothing of this host was touched.
        Assert.False(
            File.Exists("/etc/systemd/system/servicectl.service") && File.ReadAllText("/etc/systemd/system/servicectl.service")
                .Contains(_home.Paths.Home, StringComparison.Ordinal));
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

        Assert.NotNull(await _home.Client.Agent.StopAsync(RunningServices.Keep, CancellationToken.None));
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

    [Fact]
    public async Task The_agent_is_replaced_and_its_services_keep_running()
    {
        Assert.Equal(3, (await _home.RunAsync("/", "agent", "restart")).Code);
        var service = Sleepers.Create(_home, "kept");
        var started = await service.MustAsync(ServiceAction.Start);
        var old = await _home.Client.Agent.FindAsync(CancellationToken.None);

        await MustRunAsync("agent", "restart");

        Assert.NotEqual(old!.Pid, (await _home.Client.Agent.FindAsync(CancellationToken.None))!.Pid);
        Assert.Equal(started.After!.Pid, (await service.StatusAsync()).Pid);
    }

    private async Task MustRunAsync(params string[] arguments)
    {
        var result = await _home.RunAsync("/", arguments);
        Assert.True(result.Code == 0, result.ToString());
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
        // The next agent finds notes of another boot.
        foreach (var file in new[] { _home.Paths.Catalog, _home.Paths.Catalog + ".copy" })
            File.WriteAllText(file, File.ReadAllText(file).Replace(ProcFs.BootId, "an earlier boot", StringComparison.Ordinal));
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
