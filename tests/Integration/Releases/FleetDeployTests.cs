using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Deploys to hosts with networks and files of their own: real sshd's, git, uWSGI, requests without a pause.</summary>
public sealed class FleetDeployTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hosts_take_a_release_batch_by_batch_a_failed_batch_is_taken_back_and_no_request_is_lost()
    {
        await using var project = await FleetProject.StartAsync(5, "rollout: {batches: [1, 40%, 100%], wait: 1s}");
        var first = await project.MustDeployAsync();
        Assert.Equal("one one one one one", await project.AnswersAsync());
        var loads = project.Hosts.Select(FleetProject.LoadOf).ToArray();
        await Task.WhenAll(loads.Select(load => load.ReachAsync(20)));

        await File.WriteAllTextAsync(project.On(2, "/srv/sick"), "", Cancellation);
        project.Commit("two");
        var failed = await project.DeployAsync();
        var answers = await project.AnswersAsync();
        File.Delete(project.On(2, "/srv/sick"));
        var third = await project.MustDeployAsync();
        Assert.Equal("two two two two two", await project.AnswersAsync());
        var back = await project.RollbackAsync();
        await Task.WhenAll(loads.Select(load => load.ReachAsync(load.Succeeded + 10)));
        foreach (var load in loads)
            await load.DisposeAsync();

        Assert.All(loads, load => Assert.True(load.Failed == 0, load.FirstFailure));
        Assert.Equal((OperationOutcome.Failed, "web3"), (failed.Outcome, failed.Error!.HostName));
        Assert.Equal("one one one one one", answers);
        Assert.Equal(
            [
                ("web1", DeployedHostOutcome.Restored, first), ("web2", DeployedHostOutcome.Restored, first),
                ("web3", DeployedHostOutcome.Failed, first), ("web4", DeployedHostOutcome.Untouched, first),
                ("web5", DeployedHostOutcome.Untouched, first),
            ],
            failed.Hosts.Select(host => (host.HostName, host.Outcome, host.Current!)));
        Assert.Null(back.Error);
        Assert.All(project.Current(), id => Assert.Equal(first, id));
        Assert.Equal("one one one one one", await project.AnswersAsync());
        var line = $" deployed as release {third} by {Environment.UserName}@{Environment.MachineName}";
        foreach (var host in project.Hosts)
        {
            var lines = await File.ReadAllLinesAsync($"{host.Root}{FleetProject.Root}/revisions.log", Cancellation);
            Assert.Contains(lines, each => each.EndsWith(line, StringComparison.Ordinal));
            var record = await File.ReadAllTextAsync($"{host.Root}{FleetProject.Root}/releases/{third}/release.json", Cancellation);
            Assert.Contains($"{Environment.MachineName} (", record, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_canary_serves_on_each_host_for_itself_and_one_that_fails_on_the_first_reaches_no_other()
    {
        await using var project = await FleetProject.StartAsync(2, """
            canary: {share: [50%], for: 2s, min_requests: 5, fail_on: {slower_than: 50x}}
            rollout: {batches: [1], wait: 0s}
            """);
        await project.MustDeployAsync();
        var loads = project.Hosts.Select(FleetProject.LoadOf).ToArray();
        await Task.WhenAll(loads.Select(load => load.ReachAsync(20)));

        project.Commit("two");
        var good = await project.DeployAsync();
        project.Write("app.py", FleetProject.App("three") + """

            sound, asked = app, 0
            def app(environ, start_response):
                global asked
                asked += 1
                if asked > 3 and asked % 2: raise KeyError('three')
                return sound(environ, start_response)

            """);
        project.Git("commit", "-qam", "three");
        var bad = await project.DeployAsync();
        foreach (var load in loads)
            await load.DisposeAsync();

        Assert.True(good.Error is null, $"{good.Error?.HostName}: {good.Error?.Message}");
        Assert.All(good.Hosts, host => Assert.Equal(DeployedHostOutcome.Done, host.Outcome));
        Assert.Equal(2, good.Steps.SelectMany(step => step.Lines).Count(
            line => line.Contains("50 %: ", StringComparison.Ordinal)
                && line.Contains(" requests, 0 of them 5xx", StringComparison.Ordinal)));
        Assert.Equal((ErrorCode.CanaryFailed, "web1"), (bad.Error!.Code, bad.Error.HostName));
        Assert.Equal(
            [("web1", DeployedHostOutcome.Failed), ("web2", DeployedHostOutcome.Untouched)],
            bad.Hosts.Select(host => (host.HostName, host.Outcome)));
        Assert.Equal("two two", await project.AnswersAsync());
        Assert.All(project.Current(), id => Assert.Equal(good.Release!.Id, id));
        Assert.True(loads[1].Failed == 0, loads[1].FirstFailure);
    }

    [Fact]
    public async Task What_is_done_once_is_done_on_the_primary_before_anybody_switches_and_its_failure_changes_nothing()
    {
        await using var project = await FleetProject.StartAsync(3, """
            hooks:
              before_publish: ['echo "$DEPLOY_HOST" >>/srv/migrations', 'test ! -e /srv/unready']
            rollout: {batches: [1], on_failure: stop}
            """);
        var first = await project.MustDeployAsync();
        project.Commit("two");

        await File.WriteAllTextAsync(project.On(0, "/srv/unready"), "", Cancellation);
        var unready = await project.DeployAsync();
        File.Delete(project.On(0, "/srv/unready"));
        await File.WriteAllTextAsync(project.On(1, "/srv/sick"), "", Cancellation);
        var stopped = await project.DeployAsync();
        var mixed = await project.AnswersAsync();
        File.Delete(project.On(1, "/srv/sick"));
        var goneOn = await project.DeployAsync("publishing", "--host", "web3");
        var releases = await project.RunAsync("releases", "--role", "even");

        Assert.Equal((ErrorCode.HookFailed, "web1"), (unready.Error!.Code, unready.Error.HostName));
        Assert.All(unready.Hosts, host => Assert.Equal(first, host.Current));
        Assert.Equal("web1\nweb1\nweb1\n", await File.ReadAllTextAsync(project.On(0, "/srv/migrations"), Cancellation));
        Assert.All([1, 2], host => Assert.False(File.Exists(project.On(host, "/srv/migrations"))));
        Assert.Equal("two one one", mixed);
        Assert.Equal(
            [DeployedHostOutcome.Done, DeployedHostOutcome.Failed, DeployedHostOutcome.Untouched],
            stopped.Hosts.Select(host => host.Outcome));
        Assert.Null(goneOn.Error);
        Assert.Equal("two one two", await project.AnswersAsync());
        Assert.Equal(stopped.Release!.Id, goneOn.Release!.Id);
        Assert.Matches($@"(?m)^web1 +{stopped.Release.Id}  Current ", releases.Output);
        Assert.Matches($@"(?m)^web3 +{unready.Release!.Id}  Failed .*\(The deploy was given up: ", releases.Output);
        Assert.DoesNotContain("web2", releases.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_changes_nothing_and_what_is_built_and_secret_here_gets_there_for_a_user_of_the_hosts()
    {
        await using var project = await FleetProject.StartAsync(2,
            "build: {run: ['mkdir -p dist && echo made >dist/made.txt'], copy: [dist]}");
        project.Write("secret.tmpl", "key={{ secrets.KEY }}\nhost={{ host }}\nroles={{ roles }}\n");
        project.Write("key", "not-to-be-seen");
        project.Write("deploy.user.yaml", $$"""
            deploy_to: /home/deploy/web
            templates: {config.tmpl: {to: config.yaml}, secret.tmpl: {to: secret.txt} }
            secrets: {KEY: {file: key} }
            hosts:
              web1: {ssh: deploy@web1, roles: [app], properties: {ip: {{project.Hosts[0].Ip}}} }
              web2: {ssh: deploy@web2, primary: true, properties: {ip: {{project.Hosts[1].Ip}}} }
            """);
        project.Commit("one");
        string[] at = ["--path", project.Folder];

        var plan = await project.Fleet.RunAsync(["deploy", "user", "--what-if", .. at]);
        var check = await project.Fleet.RunAsync(["deploy", "check", "user", .. at]);
        var isUntouched = project.Hosts.All(host => !Path.Exists($"{host.Root}/home/deploy/web"));
        var done = await project.Fleet.RunAsync(["deploy", "user", .. at]);
        var again = await project.Fleet.RunAsync(["deploy", "user", "--what-if", .. at]);

        Assert.True(plan.Code == 0, plan.ToString());
        Assert.Matches("(?m)^batches +web1\n +web2$", plan.Output);
        Assert.Contains("+ host=web1\n", plan.Output, StringComparison.Ordinal);
        Assert.True(check.Code == 0, check.ToString());
        Assert.Contains("web2: host", check.Output, StringComparison.Ordinal);
        Assert.True(isUntouched);
        Assert.True(done.Code == 0, done.ToString());
        Assert.Equal("one one", await project.AnswersAsync());
        foreach (var host in project.Hosts)
        {
            var current = $"{host.Root}{new FileInfo($"{host.Root}/home/deploy/web/current").LinkTarget}";
            Assert.Equal("made\n", await File.ReadAllTextAsync($"{current}/dist/made.txt", Cancellation));
            Assert.Equal($"key=not-to-be-seen\nhost={host.Name}\nroles={(host.Name == "web1" ? "app" : "")}\n",
                await File.ReadAllTextAsync($"{current}/secret.txt", Cancellation));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode($"{current}/secret.txt"));
            Assert.False(Path.Exists($"{current}/.git"));
            using var user = host.OpenAsUser();
            Assert.Single(await user.Services.GetAsync(["web"], Cancellation));
        }

        Assert.DoesNotContain("not-to-be-seen", plan.ToString() + check + done + again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_is_kept_on_the_hosts_and_gives_them_the_commit_that_was_found_here()
    {
        await using var project = await FleetProject.StartAsync(1, "source: {via: mirror, revision: main}");
        project.Git("remote", "add", "origin", project.Folder);
        var commit = project.Git("rev-parse", "HEAD");

        var release = (await project.DeployAsync("updating")).Release!;

        Assert.Equal((ReleaseState.Ready, "main", commit), (release.State, release.Branch, release.Commit));
        Assert.Equal(project.Folder, release.Folder);
        Assert.True(File.Exists(project.On(0, "/srv/web/repo/HEAD")));
        Assert.True(File.Exists(project.On(0, $"/srv/web/releases/{release.Id}/app.py")));
    }
}
