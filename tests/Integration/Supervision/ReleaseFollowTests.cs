using System.Diagnostics;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>What comes back without an order is what served last, wherever the link leads; and link and service agree in the end.</summary>
public sealed class ReleaseFollowTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uwsgi", "checked", "v1")]
    [InlineData("uwsgi", "meant", "v1")]
    [InlineData("uwsgi", "published", "v2")]
    [InlineData("gunicorn", "published", "v2")]
    [InlineData("command", "published", "v2")]
    [InlineData("uwsgi", "published and new one dead", "v1")]
    [InlineData("uwsgi", "published and both dead", "v2")]
    [InlineData("uwsgi", "checked and both dead", "v1")]
    public async Task Whenever_the_agent_is_killed_one_release_serves_and_the_link_leads_to_it(string runner, string moment, string serves)
    {
        var service = Released(runner);
        await service.MustAsync(ServiceAction.Start);
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(20);
        var watched = new TaskCompletionSource();
        var order = SwitchAsync(service, 2, new ReleaseChecks { HoldSeconds = 120 }, step =>
        {
            if (step.StartsWith("Watching", StringComparison.Ordinal))
                watched.TrySetResult();
        });
        await watched.Task.WaitAsync(Patience.Limit);
        await _home.KillAgentAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => order);
        // As far as an agent may have come.
        if (!moment.StartsWith("checked", StringComparison.Ordinal))
            WriteMeant(service);
        if (moment.StartsWith("published", StringComparison.Ordinal))
            SymbolicLink.Point(service.Folder, service.ReleaseFolder(2));
        foreach (var (pid, generation) in _home.ProcessesOf(service.Name))
        {
            if (moment.EndsWith("both dead", StringComparison.Ordinal)
                || (moment.EndsWith("new one dead", StringComparison.Ordinal) && generation == 2))
                Kill(pid);
        }

        await Condition.HoldsAsync(async () => (await service.StatusAsync()).State is ServiceState.Running, "it runs");

        await ServesOnlyAsync(service, serves);
        Assert.Equal(service.ReleaseFolder(serves[1] - '0'), ReleasePlace.RealPathOf(service.Folder));
        await Condition.HoldsAsync(() => _home.ProcessesOf(service.Name).Select(process => process.Generation).Distinct().Count() == 1,
            "one generation runs");
        await ServesOnlyAsync(service, serves);
        Assert.Null((await service.StatusAsync()).ConfigChange);
        if (!moment.EndsWith("both dead", StringComparison.Ordinal))
            Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, serves == "v1" ? 2 : 1)).Outcome);
        await ServesOnlyAsync(service, serves == "v1" ? "v2" : "v1");
    }

    [Fact]
    public async Task What_serves_comes_back_at_once_when_it_dies_while_another_release_is_watched()
    {
        var service = Released("gunicorn");
        var started = await service.MustAsync(ServiceAction.Start);

        var result = await SwitchAsync(service, 2, new ReleaseChecks { HoldSeconds = 120 }, step =>
        {
            if (step.StartsWith("Watching", StringComparison.Ordinal))
                Kill(started.After!.Pid!.Value);
        });

        Assert.Contains("ended by itself meanwhile, and is brought back first", result.Message, StringComparison.Ordinal);
        await BackAsync(service, started);
        await ServesOnlyAsync(service, "v1");
        Assert.Equal("releases/1", new FileInfo(service.Folder).LinkTarget);
    }

    [Fact]
    public async Task What_served_last_comes_back_after_a_crash_wherever_the_link_leads()
    {
        var service = Released("gunicorn");
        var started = await service.MustAsync(ServiceAction.Start);
        service.Publish(2);

        Kill(started.After!.Pid!.Value);
        await BackAsync(service, started);
        await ServesOnlyAsync(service, "v1");

        await _home.KillAgentAsync();
        foreach (var (pid, _) in _home.ProcessesOf(service.Name))
            Kill(pid);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).State is ServiceState.Running, "it is back");
        await ServesOnlyAsync(service, "v1");

        await service.MustAsync(ServiceAction.Restart);
        await ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task From_a_release_that_was_deleted_it_comes_back_where_the_link_leads()
    {
        var service = Released("gunicorn");
        var started = await service.MustAsync(ServiceAction.Start);
        service.Publish(2);
        Directory.Delete(service.ReleaseFolder(1), recursive: true);
        await ServesOnlyAsync(service, "v1");

        Kill(started.After!.Pid!.Value);

        await BackAsync(service, started);
        await ServesOnlyAsync(service, "v2");
    }

    [Fact]
    public async Task The_status_names_the_release_that_serves_and_its_commit_in_both_faces()
    {
        var service = Released("gunicorn");
        File.WriteAllText(Path.Combine(service.ReleaseFolder(1), "REVISION"), "0123456789abcdef0123456789abcdef01234567\n");
        File.WriteAllText(Path.Combine(service.ReleaseFolder(2), "release.json"),
            """{"commit": "fedcba9876543210fedcba9876543210fedcba98", "branch": "main", "state": "Current"}""");
        await service.MustAsync(ServiceAction.Start);
        service.Publish(2);

        var status = await service.StatusAsync();

        Assert.Equal(("1", "0123456"), (status.Release, $"{status.Revision}"));
        Assert.Contains("leads to another folder", status.ConfigChange, StringComparison.Ordinal);
        await service.MustAsync(ServiceAction.Restart);
        var page = await _home.RunAsync("/", "status", service.Name);
        Assert.Contains("\nrelease     2\ncommit      fedcba9 (main)\n", page.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_that_is_still_in_an_old_release_means_the_service_behind_the_link()
    {
        var service = Released("gunicorn");
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 2)).Outcome);

        var result = await _home.RunAsync(service.ReleaseFolder(1), "restart");

        Assert.True(result.Code == 0, result.Output + result.Error);
        await ServesOnlyAsync(service, "v2");
        Assert.Equal(service.Folder, Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).Path);
    }

    [Fact]
    public async Task A_configuration_that_came_with_the_release_restarts_nothing_more()
    {
        var service = Released("gunicorn");
        foreach (var number in (int[])[1, 2])
            service.ReplaceIn(number, "config.yaml", "{socket:", $"{{on_change: restart, environment: {{NUMBER: '{number}'}}, socket:");
        await service.MustAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Done, (await SwitchAsync(service, 2)).Outcome);
        await SaysAsync("The release that serves was started with it");
        Assert.Equal(2, (await service.StatusAsync()).Generation);

        service.Publish(1);
        await SaysAsync("it is restarted now, as service.on_change asks for");
        await Condition.HoldsAsync(async () => await service.GetAsync("/") == "v1", "the link's release serves");
    }

    private Task SaysAsync(string words) => Condition.HoldsAsync(
        async () => (await File.ReadAllTextAsync(_home.Paths.AgentLog)).Contains(words, StringComparison.Ordinal), words);

    private static Task BackAsync(LocalService service, OperationResult started) => Condition.HoldsAsync(
        async () => await service.StatusAsync() is { State: ServiceState.Running } now && now.Pid != started.After!.Pid, "it is back");

    private void WriteMeant(ReleasedService service)
    {
        var file = _home.Paths.ServiceRelease(service.Name);
        var record = JsonNode.Parse(File.ReadAllText(file))!;
        record["Next"] = service.ReleaseFolder(2);
        record["Generation"] = 2;
        File.WriteAllText(file, record.ToJsonString());
    }

    private static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            process.WaitForExit();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has ended with its master.
        }
    }

    private Task<OperationResult> SwitchAsync(
        ReleasedService released, int number, ReleaseChecks? checks = null, Action<string>? step = null, string? called = null) =>
        ReleasedSamples.SwitchAsync(_home, released, number, checks, step, called);

    private static Task ServesOnlyAsync(LocalService service, string version) => ReleasedSamples.ServesOnlyAsync(service, version);

    private ReleasedService Released(string runner, string socket = "pass") => ReleasedSamples.Of(_home, runner, socket);
}
