using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Deploys to hosts that die, hang and are cut off in the middle, by several people at once.</summary>
public sealed class FleetTroubleTests
{
    /// <summary>A step at each place that waits where there is a file of its name.</summary>
    private const string Holds = """
        steps:
          hold-starting: {run: ['if [ -e /srv/hold-starting ]; then touch /srv/held; sleep 600; fi'], after: starting}
          hold-updating: {run: ['if [ -e /srv/hold-updating ]; then touch /srv/held; sleep 600; fi'], after: updating}
          hold-publishing: {run: ['if [ -e /srv/hold-publishing ]; then touch /srv/held; sleep 600; fi'], before: publishing}
          hold-finishing: {run: ['if [ -e /srv/hold-finishing ]; then touch /srv/held; sleep 600; fi'], before: finishing}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_that_is_cut_at_any_step_leaves_a_true_state_and_what_serves_goes_on_serving()
    {
        await using var project = await FleetProject.StartAsync(2, $"{Holds}rollout: {"{"}batches: [100%]{"}"}");
        var serving = await project.MustDeployAsync();
        var loads = project.Hosts.Select(FleetProject.LoadOf).ToArray();

        foreach (var step in (string[])["starting", "updating", "publishing", "finishing"])
        {
            Hold(project, 1, step);
            using var deploy = project.Start("deploy", "--json");
            await HeldAsync(project, 1);
            project.Hosts[1].Cut();
            var result = await CommandResult.OfAsync(deploy);
            Release(project, 1, step);

            Assert.Equal(1, result.Code);
            Assert.Contains("\"hostUnreachable\"", result.Output, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\"hostName\":\"web2\"", result.Output, StringComparison.Ordinal);
            var now = project.Current();
            if (step == "finishing")
                Assert.NotEqual(serving, now[1]);
            else
                Assert.Equal([serving, serving], now);
            await UnlockedAsync(project);
            serving = await project.MustDeployAsync();
            Assert.Equal([serving, serving], project.Current());
        }

        // Whoever deploys dies.
        Hold(project, 0, "publishing");
        using (var deploy = project.Start("deploy"))
        {
            await HeldAsync(project, 0);
            deploy.Kill();
            await deploy.WaitForExitAsync(Cancellation);
        }

        Release(project, 0, "publishing");
        await UnlockedAsync(project);
        Assert.Equal(serving, project.Current()[0]);
        serving = await project.MustDeployAsync();
        Assert.Equal([serving, serving], project.Current());
        foreach (var load in loads)
            await load.DisposeAsync();
        Assert.All(loads, load => Assert.True(load.Failed == 0, load.FirstFailure));
    }

    [Fact]
    public async Task A_host_that_hangs_and_one_that_is_dead_hold_up_the_others_no_longer_than_their_limits()
    {
        await using var project = await FleetProject.StartAsync(4,
            $"{Holds}rollout: {"{"}batches: [100%], max_failures: 2, timeout: 40s{"}"}");
        Hold(project, 1, "updating");
        await project.Hosts[2].PlugAsync(isIn: false);

        var clock = Stopwatch.StartNew();
        var deployment = await project.DeployAsync();
        var took = clock.Elapsed;
        Release(project, 1, "updating");
        await project.Hosts[2].PlugAsync(isIn: true);

        Assert.True(deployment.Error is null, $"{deployment.Error}");
        Assert.Equal(
            [DeployedHostOutcome.Done, DeployedHostOutcome.Failed, DeployedHostOutcome.Failed, DeployedHostOutcome.Done],
            deployment.Hosts.Select(host => host.Outcome));
        Assert.Equal(ErrorCode.TimedOut, deployment.Hosts[1].Error!.Code);
        Assert.Equal(ErrorCode.HostUnreachable, deployment.Hosts[2].Error!.Code);
        Assert.True(took < TimeSpan.FromMinutes(3), $"{took}");
        var next = await project.MustDeployAsync();
        Assert.All(project.Current(), id => Assert.Equal(next, id));
        Assert.Equal("one one one one", await project.AnswersAsync());
    }

    [Fact]
    public async Task One_deploys_at_a_time_a_lock_on_purpose_is_obeyed_and_a_stale_one_is_reported_and_never_broken()
    {
        await using var project = await FleetProject.StartAsync(2, Holds);
        var serving = await project.MustDeployAsync();
        var by = $"{Environment.UserName}@{Environment.MachineName}";

        Hold(project, 0, "updating");
        using var deploy = project.Start("deploy", "--json");
        await HeldAsync(project, 0);
        var second = await project.DeployAsync();
        var kept = await StageAsync(project, "unlock");
        // The process that holds the primary's lock dies without a word.
        await project.Hosts[0].RunAsync("/bin/sh", "-c", "kill -9 $(sed -n 's/.*\"pid\": \\([0-9]*\\).*/\\1/p' /srv/web/deploy.lock)");
        var died = await CommandResult.OfAsync(deploy);
        Release(project, 0, "updating");
        var stale = await project.DeployAsync();
        var unlocked = await StageAsync(project, "unlock");
        await StageAsync(project, "lock", "-m", "the database moves");
        var onPurpose = await project.DeployAsync();
        await StageAsync(project, "unlock");

        Assert.Equal(ErrorCode.StageLocked, second.Error!.Code);
        Assert.StartsWith($"production is locked by {by} (", second.Error.Message, StringComparison.Ordinal);
        Assert.Equal(1, kept.Code);
        Assert.Equal(1, died.Code);
        Assert.EndsWith(" is gone.", stale.Error!.Message, StringComparison.Ordinal);
        Assert.Contains($"locked by {by} (", unlocked.Output, StringComparison.Ordinal);
        Assert.Contains("the database moves", onPurpose.Error!.Message, StringComparison.Ordinal);
        Assert.Equal([serving, serving], project.Current());
        await project.MustDeployAsync();
    }

    private static Task<CommandResult> StageAsync(FleetProject project, string verb, params string[] more) =>
        project.Fleet.RunAsync(["deploy", verb, FleetProject.Stage, .. more, "--path", project.Folder]);

    /// <summary>Whoever deployed is gone: what it held is given back without anybody's help.</summary>
    private static Task UnlockedAsync(FleetProject project) => Condition.HoldsAsync(
        () => Enumerable.Range(0, project.Hosts.Length).All(host => !File.Exists(project.On(host, "/srv/web/deploy.lock"))),
        "the locks are given back");

    private static void Hold(FleetProject project, int host, string step)
    {
        File.Delete(project.On(host, "/srv/held"));
        File.WriteAllText(project.On(host, $"/srv/hold-{step}"), "");
    }

    private static void Release(FleetProject project, int host, string step) => File.Delete(project.On(host, $"/srv/hold-{step}"));

    private static Task HeldAsync(FleetProject project, int host) =>
        Condition.HoldsAsync(() => File.Exists(project.On(host, "/srv/held")), "the step is at work");
}
