using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>What goes wrong with deploys: what serves goes on serving, and the next command finds a true state.</summary>
public sealed class BadDayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("revision", ErrorCode.InvalidArgument, false)]
    [InlineData("code", ErrorCode.ImportFailed, true)]
    [InlineData("migration", ErrorCode.HookFailed, true)]
    [InlineData("linked file", ErrorCode.InvalidState, false)]
    [InlineData("current", ErrorCode.FileExists, false)]
    public async Task What_is_wrong_with_a_deploy_changes_nothing_that_serves(string what, ErrorCode code, bool makesRelease)
    {
        await using var project = new DeployedProject("linked: {files: [.env]}\nhooks: {before_publish: ['test ! -e broken']}");
        var shared = Path.Combine(Directory.CreateDirectory(Path.Combine(project.Root, "shared")).FullName, ".env");
        await File.WriteAllTextAsync(shared, "A=1\n", Cancellation);
        var first = await project.MustDeployAsync();
        var load = await LoadAsync(project);

        project.Commit("two", what == "code" ? "raise RuntimeError('half-written')\n" : null);
        if (what == "migration")
        {
            project.Write("broken", "");
            project.Commit("two");
        }

        if (what == "linked file")
            File.Delete(shared);
        if (what == "current")
        {
            File.Delete(project.Current);
            Directory.CreateDirectory(project.Current);
        }

        var refused = await project.DeployAsync(revision: what == "revision" ? "nowhere" : null);

        Assert.Equal((OperationOutcome.Failed, code), (refused.Outcome, refused.Error!.Code));
        Assert.Equal("one", await project.AnswerAsync());
        if (what == "current")
            Directory.Delete(project.Current);
        else
            Assert.Equal(first.Path, new FileInfo(project.Current).LinkTarget);
        Assert.Equal(
            [(first.Id, what == "current" ? ReleaseState.Previous : ReleaseState.Current), .. makesRelease
                ? new[] { (refused.Release!.Id, ReleaseState.Failed) } : []], await project.ReleasesAsync());
        Assert.Null((await project.Verbs.GetStagesAsync(project.Folder, Cancellation)).Single().Lock);
        File.Delete(Path.Combine(project.Folder, "broken"));
        await File.WriteAllTextAsync(shared, "A=1\n", Cancellation);
        project.Commit("good");
        Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
        Assert.Equal("good", await project.AnswerAsync());
        Assert.Equal(first.Id, (await project.RestoreAsync()).Release!.Id);
        await NothingFailedAsync(load);
    }

    [Theory]
    [InlineData("updating", new ReleaseState[0])]
    [InlineData("import", new[] { ReleaseState.Failed })]
    [InlineData("ready", new[] { ReleaseState.Ready })]
    [InlineData("published", new[] { ReleaseState.Current })]
    public async Task A_deploy_that_is_killed_at_any_step_leaves_a_true_state(string moment, ReleaseState[] left)
    {
        await using var project = new DeployedProject();
        var first = await project.MustDeployAsync();
        var load = await LoadAsync(project);
        string begun = Path.Combine(project.Root, "begun"), wait = Path.Combine(project.Root, "wait");
        await File.WriteAllTextAsync(wait, "", Cancellation);
        var where = moment switch { "updating" => "before: updating", "ready" => "after: updating", _ => "after: publishing" };
        if (moment != "import")
            project.Write("deploy.production.yaml",
                $"steps: {{wait: {{run: ['touch {begun}; while test -e {wait}; do sleep 0.05; done'], {where}}}}}\n");
        project.Commit("two", moment == "import"
            ? $"import os, time\nopen('{begun}', 'w')\nwhile os.path.exists('{wait}'):\n    time.sleep(0.05)\n" + DeployedProject.App("two")
            : null);
        using (var deploy = project.Home.Start(project.Folder, "deploy", DeployedProject.Stage))
        {
            await Condition.HoldsAsync(() => File.Exists(begun), $"the deploy is at {moment}");
            deploy.Kill();
            await deploy.WaitForExitAsync(Cancellation);
        }

        File.Delete(wait);
        var isPublished = left is [ReleaseState.Current];
        Assert.Equal(isPublished ? "two" : "one", await project.AnswerAsync());
        Assert.Equal([isPublished ? ReleaseState.Previous : ReleaseState.Current, .. left],
            (await project.ReleasesAsync()).Select(release => release.State));
        Assert.Equal(ErrorCode.StageLocked, (await Assert.ThrowsAsync<ServiceCtlException>(() => project.RestoreAsync())).Code);
        Assert.Equal(0, (await project.Home.RunAsync(project.Folder, "deploy", "unlock", DeployedProject.Stage)).Code);
        if (moment != "import")
            File.Delete(Path.Combine(project.Folder, "deploy.production.yaml"));
        project.Commit("three");
        Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
        Assert.Equal("three", await project.AnswerAsync());
        Assert.Equal(isPublished ? "two" : "one", (await project.RestoreAsync()).Release!.Id == first.Id ? "one" : "two");
        await NothingFailedAsync(load);
    }

    [Fact]
    public async Task An_agent_that_is_killed_before_the_switch_is_asked_for_is_started_again()
    {
        await using var project = new DeployedProject();
        await project.MustDeployAsync();
        var load = await LoadAsync(project);
        project.Commit("two");
        Assert.Null((await project.DeployAsync("updating")).Error);

        await project.Home.KillAgentAsync();
        var published = await project.DeployAsync("publishing");

        Assert.True(published.Error is null, published.Error?.Message);
        Assert.Equal("two", await project.AnswerAsync());
        await NothingFailedAsync(load);
    }

    [Fact]
    public async Task An_agent_that_is_killed_while_the_new_release_is_watched_leaves_the_old_one_serving()
    {
        await using var project = new DeployedProject("check: {hold: 10m}");
        project.Write("deploy.production.yaml", "check: {hold: 0s}\n");
        var first = await project.MustDeployAsync();
        var load = await LoadAsync(project);
        project.Commit("two");
        File.Delete(Path.Combine(project.Folder, "deploy.production.yaml"));
        var deploy = project.DeployAsync();
        await Condition.HoldsAsync(() => project.Home.ProcessesOf("web").Any(process => process.Generation == 2), "the new one is there");

        await project.Home.KillAgentAsync();
        var failed = await deploy;

        Assert.Equal((ErrorCode.AgentUnreachable, ReleaseState.Failed), (failed.Error!.Code, failed.Release!.State));
        Assert.Equal([(first.Id, ReleaseState.Current), (failed.Release.Id, ReleaseState.Failed)], await project.ReleasesAsync());
        project.Write("deploy.production.yaml", "check: {hold: 0s}\n");
        Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
        Assert.Equal("two", await project.AnswerAsync());
        await NothingFailedAsync(load);
    }

    [Fact]
    public async Task Of_several_deploys_at_once_one_is_done_and_the_others_hear_who_is_at_it()
    {
        await using var project = new DeployedProject();
        await project.MustDeployAsync();
        var load = await LoadAsync(project);
        project.Commit("two");

        var answers = await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(_ => project.Home.RunAsync(project.Folder, "deploy", DeployedProject.Stage)));

        var refused = answers.Where(answer => answer.Code != 0).ToArray();
        Assert.True(refused.Length < answers.Length, answers[0].ToString());
        Assert.All(refused, answer => Assert.Contains("is locked by", answer.Error, StringComparison.Ordinal));
        var releases = await project.ReleasesAsync();
        Assert.Equal(1 + answers.Length - refused.Length, releases.Count);
        Assert.Equal(ReleaseState.Current, releases[^1].State);
        Assert.Equal(releases.Count, (await File.ReadAllLinesAsync(Path.Combine(project.Root, "revisions.log"), Cancellation)).Length);
        Assert.Equal("two", await project.AnswerAsync());
        await NothingFailedAsync(load);
    }

    [Fact]
    public async Task A_release_that_was_deleted_by_hand_is_no_target_and_what_serves_goes_on()
    {
        await using var project = new DeployedProject();
        var first = await project.MustDeployAsync();
        project.Commit("two");
        var second = await project.MustDeployAsync();
        var load = await LoadAsync(project);

        Directory.Delete(second.Path, recursive: true);

        Assert.Equal("two", await project.AnswerAsync());
        Assert.Equal([(first.Id, ReleaseState.Previous)], await project.ReleasesAsync());
        Assert.Equal(first.Id, (await project.RestoreAsync()).Release!.Id);
        Assert.Equal("one", await project.AnswerAsync());
        project.Commit("three");
        var third = await project.MustDeployAsync();
        Directory.Delete(first.Path, recursive: true);
        Assert.Equal(ErrorCode.ReleaseNotFound, (await project.RestoreAsync()).Error!.Code);
        Assert.Equal([(third.Id, ReleaseState.Current)], await project.ReleasesAsync());
        Assert.Equal("three", await project.AnswerAsync());
        await NothingFailedAsync(load);
    }

    [Fact]
    public async Task A_rollback_of_a_rollback_goes_back_further_and_forward_by_name()
    {
        await using var project = new DeployedProject();
        var first = await project.MustDeployAsync();
        project.Commit("two");
        var second = await project.MustDeployAsync();
        project.Commit("three");
        var third = await project.MustDeployAsync();
        var load = await LoadAsync(project);

        Assert.Equal(second.Id, (await project.RestoreAsync()).Release!.Id);
        Assert.Equal(first.Id, (await project.RestoreAsync()).Release!.Id);
        Assert.Equal(ErrorCode.ReleaseNotFound, (await project.RestoreAsync()).Error!.Code);
        Assert.Equal("one", await project.AnswerAsync());
        Assert.Null((await project.RestoreAsync(third.Id)).Error);

        Assert.Equal("three", await project.AnswerAsync());
        Assert.Equal([(first.Id, ReleaseState.Restored), (second.Id, ReleaseState.Restored), (third.Id, ReleaseState.Current)],
            await project.ReleasesAsync());
        await NothingFailedAsync(load);
    }

    private static async Task<Load> LoadAsync(DeployedProject project)
    {
        var load = new Load(project.Port, clients: 2);
        await load.ReachAsync(20);
        return load;
    }

    private static async Task NothingFailedAsync(Load load)
    {
        await load.ReachAsync(load.Succeeded + 20);
        await load.DisposeAsync();
        Assert.True(load.Failed == 0, load.FirstFailure);
    }
}
