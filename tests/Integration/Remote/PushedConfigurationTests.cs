using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>A project of the wrapper kit, and configurations that are pushed to it.</summary>
public sealed class PushedConfigurationTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task It_is_idle_until_its_first_configuration_and_runs_with_it_then()
    {
        var project = new KitProject(_home);

        var started = await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ServiceState.Idle, started.After!.State);
        Assert.Contains("first configuration", (await project.StatusAsync()).Problem, StringComparison.Ordinal);

        var push = await project.PushAsync("""{"greeting": "hello", "db": {"password": "hunter22"}}""");
        Assert.Equal((ConfigPushOutcome.Applied, true), (push.Outcome, push.NeedsRestart));
        Assert.Contains(push.Differences, difference => difference is { Key: "db.password", After: "********" });
        Assert.Equal("hello", await project.GreetingAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(project.ConfigFile));
        var status = await project.StatusAsync();
        Assert.Equal((ServiceState.Running, 1, null), (status.State, status.Generation, status.Problem));
    }

    [Fact]
    public async Task What_says_the_same_restarts_nothing_and_what_differs_does()
    {
        var project = await RunningAsync("""{"greeting": "one", "run": 1}""");

        var same = await project.PushAsync("""{ "run": 1, "greeting": "one" }""");
        Assert.Equal(ConfigPushOutcome.Unchanged, same.Outcome);
        Assert.Equal(ConfigPushOutcome.Written, (await project.PushAsync("""{"greeting": "one", "run": 1, "note": "x"}""")).Outcome);
        Assert.Equal(1, (await project.StatusAsync()).Generation);

        var preview = await project.PushAsync("""{"greeting": "two"}""", preview: true);
        Assert.Equal((ConfigPushOutcome.Preview, true), (preview.Outcome, preview.NeedsRestart));
        Assert.Equal(["~ greeting: one -> two", "- note: x", "- run: 1"], preview.Differences.Select(difference => difference.ToString()));
        Assert.Equal("one", await project.GreetingAsync());

        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "two"}""")).Outcome);
        Assert.Equal("two", await project.GreetingAsync());
        Assert.Equal(2, (await project.StatusAsync()).Generation);
    }

    [Theory]
    [InlineData("""{"greeting": }""", "pushed configuration:1:")]
    [InlineData("""{"logLevel": "loud", "greeting": "x"}""", "loud")]
    [InlineData("{}", "greeting")]
    [InlineData("[]", "list")]
    public async Task What_is_wrong_is_refused_and_the_child_untouched(string text, string told)
    {
        var project = await RunningAsync("""{"greeting": "one"}""");
        var before = File.ReadAllText(project.ConfigFile);

        var refusal = await project.RefusedAsync(text);

        Assert.Equal(ErrorCode.ConfigInvalid, refusal.Code);
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(project.ConfigFile));
        Assert.Equal("one", await project.GreetingAsync());
        Assert.Equal(1, (await project.StatusAsync()).Generation);
    }

    [Fact]
    public async Task One_that_the_service_does_not_come_up_with_is_taken_back()
    {
        var project = await RunningAsync("""{"greeting": "good"}""");

        var push = await project.PushAsync("""{"greeting": "bad", "broken": true}""");

        Assert.Equal((ConfigPushOutcome.RolledBack, ErrorCode.ExitedEarly), (push.Outcome, push.Error?.Code));
        Assert.Equal("good", await project.GreetingAsync());
        Assert.Contains("good", File.ReadAllText(project.ConfigFile), StringComparison.Ordinal);

        var kept = await project.PushAsync("""{"greeting": "bad", "broken": true}""", noRollback: true);
        Assert.Equal(ConfigPushOutcome.Failed, kept.Outcome);
        Assert.Contains("broken", File.ReadAllText(project.ConfigFile), StringComparison.Ordinal);

        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "mended"}""")).Outcome);
        Assert.Equal("mended", await project.GreetingAsync());
    }

    [Fact]
    public async Task The_override_is_merged_over_it()
    {
        var project = new KitProject(_home, local: """remoteConfigOverride: '{"greeting": "overridden", "db": {"password": "p"}}'""");
        await project.MustAsync(ServiceAction.Start);

        await project.PushAsync("""{"greeting": "pushed", "db": {"host": "h"}}""");

        Assert.Equal("overridden", await project.GreetingAsync());
        Assert.Equal("""{"greeting": "overridden", "db": {"host": "h", "password": "p"}}""", await project.AskAsync("/config"));
    }

    [Fact]
    public async Task A_child_without_a_health_page_is_ready_when_it_listens_and_one_that_never_listens_after_a_while()
    {
        var project = new KitProject(_home, service: "ready: {at_latest: 20s, timeout: 40s}");
        project.Replace("main.py", "\"/internal/health\"", "\"/another\"");
        await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "x"}""")).Outcome);
        Assert.Equal("x", await project.GreetingAsync());

        project.Write("main.py", "import time\ntime.sleep(1000)\n");
        project.Replace("conf/config.yml", "at_latest: 20s", "at_latest: 200ms");
        await project.MustAsync(ServiceAction.Restart);
        Assert.Equal(ServiceState.Running, (await project.StatusAsync()).State);
    }

    [Fact]
    public async Task A_changed_override_counts_from_the_next_start()
    {
        var project = new KitProject(_home, local: """remoteConfigOverride: '{"greeting": "overridden"}'""");
        await project.MustAsync(ServiceAction.Start);
        await project.PushAsync("""{"greeting": "pushed"}""");

        project.Replace("conf/config.yml", "overridden", "another");
        await project.MustAsync(ServiceAction.Restart);

        Assert.Equal("another", await project.GreetingAsync());
        Assert.Equal(ConfigPushOutcome.Unchanged, (await project.PushAsync("""{"greeting": "pushed"}""")).Outcome);
        Assert.Equal(2, (await project.StatusAsync()).Generation);
    }

    [Fact]
    public async Task A_push_and_a_stop_are_obeyed_while_a_respawn_is_awaited()
    {
        var project = await RunningAsync("""{"greeting": "one"}""");

        await CrashAsync(project);
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "two"}""")).Outcome);
        Assert.Equal("two", await project.GreetingAsync());

        await CrashAsync(project);
        await project.OrderAsync(ServiceAction.Stop);
        Assert.Equal(ServiceState.Stopped, (await project.StatusAsync()).State);

        await project.MustAsync(ServiceAction.Start);
        await CrashAsync(project);
        await Condition.HoldsAsync(async () => (await project.StatusAsync()).State is ServiceState.Running, "it comes back by itself");
        await _home.RunsOnceAsync(project.Name, 1);
    }

    /// <summary>Returns while the 2 s before the next start go on.</summary>
    private static async Task CrashAsync(KitProject project)
    {
        System.Diagnostics.Process.GetProcessById((await project.StatusAsync()).Pid!.Value).Kill();
        await Condition.HoldsAsync(
            async () => (await project.StatusAsync()) is { State: ServiceState.Restarting, Problem: { } problem }
                && problem.Contains("in 2 s", StringComparison.Ordinal), "a respawn is awaited");
    }

    [Fact]
    public async Task A_stopped_service_stays_so_and_has_it_at_its_next_start()
    {
        var project = await RunningAsync("""{"greeting": "one"}""");
        await project.MustAsync(ServiceAction.Stop);

        Assert.Equal(ConfigPushOutcome.Written, (await project.PushAsync("""{"greeting": "two"}""")).Outcome);
        Assert.Equal(ServiceState.Stopped, (await project.StatusAsync()).State);

        await project.MustAsync(ServiceAction.Start);
        Assert.Equal("two", await project.GreetingAsync());
        Assert.Equal(2, (await project.StatusAsync()).Generation);
    }

    [Fact]
    public async Task A_watched_file_is_pushed_when_it_changes_as_in_offline_mode()
    {
        var project = new KitProject(_home);
        project.Write(".env", "CLUSTER_MODE=offline\n");
        project.Write("conf/config.json", """{"greeting": "from a file"}""");

        await project.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(() => Greets(project, "from a file"), "it greets as the file says");
        project.Write("conf/config.json", """{"greeting": "changed"}""");
        await Condition.HoldsAsync(() => Greets(project, "changed"), "it greets as the changed file says");
    }

    [Fact]
    public async Task A_key_of_Consul_is_pushed_when_it_changes()
    {
        await using var consul = new FakeConsul();
        consul.SetValue("config/greeter", """{"greeting": "from Consul"}""");
        var project = new KitProject(_home, local: $"CONSUL_ADDRESS: 127.0.0.1\nCONSUL_PORT: {consul.HttpPort}",
            service: "remote: {consul_key: config/greeter}");

        await project.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(() => Greets(project, "from Consul"), "it greets as Consul says");
        consul.SetValue("config/greeter", """{"greeting": "changed"}""");
        await Condition.HoldsAsync(() => Greets(project, "changed"), "it greets as Consul says now");
        consul.SetValue("config/greeter", "not json");
        await Condition.HoldsAsync(
            async () => (await _home.Client.Events.ReadAsync(new EventRequest { Services = [] }, default).ToListAsync()).Exists(
                happened => happened.Kind == ServiceEventKind.ConfigRefused), "the wrong one is told");
        // It may greet so from the launch before, and be on its way to the next one.
        await Condition.HoldsAsync(() => Greets(project, "changed"), "it goes on with what it has");
    }

    [Fact]
    public async Task An_agent_that_was_killed_leaves_a_successor_that_knows_everything()
    {
        var project = await RunningAsync("""{"greeting": "one"}""");
        await _home.KillAgentAsync();

        Assert.Equal(ConfigPushOutcome.Unchanged, (await project.PushAsync("""{"greeting": "one"}""")).Outcome);
        var push = await project.PushAsync("""{"greeting": "two", "broken": true}""");
        Assert.Equal(ConfigPushOutcome.RolledBack, push.Outcome);
        Assert.Equal("one", await project.GreetingAsync());
    }

    private static async Task<bool> Greets(KitProject project, string text)
    {
        try
        {
            return await project.GreetingAsync() == text;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<KitProject> RunningAsync(string config)
    {
        var project = new KitProject(_home);
        await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync(config)).Outcome);
        return project;
    }
}
