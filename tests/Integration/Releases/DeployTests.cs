using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Deploys on this host: real git, real uWSGI, requests without a pause.</summary>
public sealed class DeployTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deploys_a_refused_one_and_rollbacks_lose_no_request()
    {
        await using var project = new DeployedProject("linked: {dirs: [log]}\ncheck: {http: /}");
        var first = await project.MustDeployAsync();
        Assert.Equal("one", await project.AnswerAsync());
        var load = new Load(project.Port, clients: 2);
        await load.ReachAsync(20);

        var commit = project.Commit("two");
        var second = await project.MustDeployAsync();
        Assert.Equal("two", await project.AnswerAsync());

        project.Commit("bad", "raise RuntimeError('half-written')\n");
        var refused = await project.DeployAsync();
        Assert.Equal((OperationOutcome.Failed, ErrorCode.ImportFailed), (refused.Outcome, refused.Error!.Code));
        Assert.Equal("two", await project.AnswerAsync());

        project.Commit("sick", DeployedProject.App("sick").Replace("200 OK", "500 Sick", StringComparison.Ordinal));
        var sick = await project.DeployAsync();
        Assert.Equal(OperationOutcome.Failed, sick.Outcome);
        Assert.Equal("two", await project.AnswerAsync());
        Assert.Equal(second.Path, new FileInfo(project.Current).LinkTarget);

        Assert.Null((await project.RestoreAsync()).Error);
        Assert.Equal("one", await project.AnswerAsync());
        Assert.Equal("There are no older releases to rollback to", (await project.RestoreAsync()).Error!.Message);
        Assert.Null((await project.RestoreAsync(second.Id)).Error);
        Assert.Equal("two", await project.AnswerAsync());
        Assert.Equal(ErrorCode.InvalidState, (await project.RestoreAsync(sick.Release!.Id)).Error!.Code);

        await load.DisposeAsync();
        Assert.True(load.Failed == 0, load.FirstFailure);
        Assert.Equal(
            [(first.Id, ReleaseState.Restored), (second.Id, ReleaseState.Current), (refused.Release!.Id, ReleaseState.Failed),
                (sick.Release.Id, ReleaseState.Failed)],
            await project.ReleasesAsync());
        Assert.Contains("half-written", await File.ReadAllTextAsync(Path.Combine(refused.Release.Path, "deploy.log"), Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(
            [
                $"Branch main (at {first.Commit}) deployed as release {first.Id} by {Environment.UserName}",
                $"Branch main (at {commit}) deployed as release {second.Id} by {Environment.UserName}",
                $"{Environment.UserName} rolled back to release {first.Id}",
                $"{Environment.UserName} rolled back to release {second.Id}",
            ],
            await File.ReadAllLinesAsync(Path.Combine(project.Root, "revisions.log"), Cancellation));
        Assert.Equal($"{commit}\n", await File.ReadAllTextAsync(Path.Combine(second.Path, "REVISION"), Cancellation));
        Assert.Equal(Path.Combine(project.Root, "shared", "log"), new FileInfo(Path.Combine(second.Path, "log")).LinkTarget);
    }

    [Fact]
    public async Task A_first_deploy_that_fails_leaves_no_link_and_the_next_one_serves()
    {
        await using var project = new DeployedProject("hooks: {before_publish: ['test -e ready']}");

        var failed = await project.DeployAsync();

        Assert.Equal((ErrorCode.HookFailed, ReleaseState.Failed), (failed.Error!.Code, failed.Release!.State));
        Assert.False(Path.Exists(project.Current));
        Assert.Empty(await project.Home.Client.Catalog.GetNamesAsync([], Cancellation));
        project.Write("ready", "");
        project.Commit("one");
        Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
        Assert.Equal("one", await project.AnswerAsync());
    }

    [Fact]
    public async Task A_missing_linked_file_stops_before_anything_is_made()
    {
        await using var project = new DeployedProject("linked: {files: [conf/.env]}");
        var missing = Path.Combine(project.Root, "shared", "conf", ".env");

        var refused = await project.Home.RunAsync(project.Folder, "deploy", DeployedProject.Stage);

        Assert.Equal(1, refused.Code);
        Assert.Contains($"linked file {missing} does not exist on {Environment.MachineName}", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(project.Root, "releases")));
        await File.WriteAllTextAsync(missing, "A=1", Cancellation);
        var release = await project.MustDeployAsync();
        Assert.Equal(missing, new FileInfo(Path.Combine(release.Path, "conf", ".env")).LinkTarget);
    }

    [Fact]
    public async Task Templates_hold_what_the_stage_says_and_secrets_are_shown_nowhere()
    {
        await using var project = new DeployedProject("""
            templates: {deploy/app.conf.tmpl: {to: conf/app.conf}, deploy/plain.tmpl: {to: plain, mode: '0640'}}
            variables: {size: '3'}
            secrets: {KEY: {command: [printf, '%s', hunter22-of-the-test]}}
            hooks: {before_publish: ['echo size $size, key $KEY, of $DEPLOY_STAGE']}
            """);
        project.Write("deploy/app.conf.tmpl", "shared");
        project.Write("deploy/production/app.conf.tmpl", "key={{ secrets.KEY }} in {{ release_path }}");
        project.Write("deploy/plain.tmpl", "size={{ size }}");

        var release = await project.MustDeployAsync();

        var conf = Path.Combine(release.Path, "conf", "app.conf");
        Assert.Equal($"key=hunter22-of-the-test in {release.Path}", await File.ReadAllTextAsync(conf, Cancellation));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(conf));
        Assert.Equal("size=3", await File.ReadAllTextAsync(Path.Combine(release.Path, "plain"), Cancellation));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(Path.Combine(release.Path, "plain")));
        var log = await File.ReadAllTextAsync(Path.Combine(release.Path, "deploy.log"), Cancellation);
        Assert.Contains("size 3, key ********, of production", log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", log, StringComparison.Ordinal);

        project.Write("deploy/production/app.conf.tmpl", "new={{ secrets.KEY }}");
        var plan = await project.Home.RunAsync(project.Folder, "deploy", DeployedProject.Stage, "--what-if");
        Assert.Contains("+ new=********", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", plan.ToString(), StringComparison.Ordinal);
        Assert.Single(await project.ReleasesAsync());
    }

    [Fact]
    public async Task A_virtualenv_is_made_once_for_the_same_requirements_and_deleted_with_its_last_release()
    {
        await using var project = new DeployedProject("keep_releases: 1",
            "env_directory: venv\nservice: {venv: {python: /usr/bin/python3, system_packages: true}}");
        project.Write("requirements.txt", "");
        project.Commit("one");

        var first = await project.MustDeployAsync();
        project.Commit("two");
        var second = await project.MustDeployAsync();
        project.Write("requirements.txt", "# another\n");
        project.Commit("three");
        var third = await project.MustDeployAsync();

        string? Venv(PyServiceRelease release) => new FileInfo(Path.Combine(release.Path, "venv")).LinkTarget;
        Assert.NotNull(Venv(second));
        Assert.NotEqual(Venv(second), Venv(third));
        Assert.False(Directory.Exists(first.Path), "of two that have served, one is kept for a rollback");
        project.Commit("four");
        await project.MustDeployAsync();
        Assert.Equal([Venv(third)],
            Directory.GetDirectories(Path.Combine(project.Root, "shared", "venvs")).Where(path => Path.GetFileName(path)[0] != '.'));
        Assert.Equal("four", await project.AnswerAsync());
    }

    [Fact]
    public async Task Steps_can_be_taken_alone_and_own_ones_come_where_they_are_to()
    {
        await using var project = new DeployedProject("""
            include: [shared.steps.yaml]
            steps: {warm: {run: ['echo warm in $DEPLOY_RELEASE'], before: publishing}}
            """);
        project.Write("shared.steps.yaml", "steps: {note: {run: ['pwd > ../note']}}\n");

        var ready = (await project.DeployAsync("updating")).Release!;
        Assert.Equal(ReleaseState.Ready, ready.State);
        Assert.False(Path.Exists(project.Current));
        var published = await project.DeployAsync("publishing");
        var noted = await project.DeployAsync("note");

        Assert.Equal((ready.Id, ReleaseState.Current), (published.Release!.Id, published.Release.State));
        Assert.Contains($"warm in {ready.Id}", published.Steps.Single(step => step.Step == "warm").Lines);
        Assert.Null(noted.Error);
        Assert.Equal($"{ready.Path}\n", await File.ReadAllTextAsync(Path.Combine(project.Root, "releases", "note"), Cancellation));
        Assert.Equal(ErrorCode.ReleaseNotFound, (await project.DeployAsync("publishing")).Error!.Code);
        var unknown = await Assert.ThrowsAsync<ServiceCtlException>(() => project.DeployAsync("publishign"));
        Assert.Contains("publishing, finishing, note, warm", unknown.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_that_was_killed_leaves_what_serves_a_true_state_and_its_lock()
    {
        await using var project = new DeployedProject(
            "hooks: {before_publish: ['touch ../begun; while test -e ../wait; do sleep 0.05; done']}");
        var first = await project.MustDeployAsync();
        var releases = Path.Combine(project.Root, "releases");
        File.Delete(Path.Combine(releases, "begun"));
        await File.WriteAllTextAsync(Path.Combine(releases, "wait"), "", Cancellation);
        project.Commit("two");
        using (var deploy = project.Home.Start(project.Folder, "deploy", DeployedProject.Stage))
        {
            await Condition.HoldsAsync(() => File.Exists(Path.Combine(releases, "begun")), "the hook runs");
            var beside = await project.Home.RunAsync(project.Folder, "rollback", DeployedProject.Stage);
            Assert.Contains("is locked by", beside.Error, StringComparison.Ordinal);
            Assert.Equal(ReleaseState.Ready, (await project.ReleasesAsync())[1].State);
            deploy.Kill();
            await deploy.WaitForExitAsync(Cancellation);
        }

        File.Delete(Path.Combine(releases, "wait"));
        Assert.Equal("one", await project.AnswerAsync());
        Assert.Equal(first.Path, new FileInfo(project.Current).LinkTarget);
        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => project.DeployAsync());
        Assert.Equal(ErrorCode.StageLocked, refused.Code);
        Assert.Contains("is gone", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await project.Home.RunAsync(project.Folder, "deploy", "unlock", DeployedProject.Stage)).Code);
        Assert.Equal(ReleaseState.Current, (await project.MustDeployAsync()).State);
        Assert.Equal("two", await project.AnswerAsync());
    }
}
