using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Git;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Where the code of a release comes from.</summary>
public sealed class SourceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_committed_is_deployed_and_what_is_not_is_left()
    {
        await using var project = new DeployedProject();
        project.Git("tag", "v1");
        project.Commit("two");
        project.Write("app.py", DeployedProject.App("uncommitted"));

        var first = (await project.DeployAsync("updating", "v1")).Release!;
        var second = (await project.DeployAsync("updating")).Release!;
        var unknown = await project.DeployAsync("updating", "v9");

        Assert.Equal(("v1", project.Git("rev-parse", "v1")), (first.Branch, first.Commit));
        Assert.Equal(DeployedProject.App("one"), await File.ReadAllTextAsync(Path.Combine(first.Path, "app.py"), Cancellation));
        Assert.Equal(DeployedProject.App("two"), await File.ReadAllTextAsync(Path.Combine(second.Path, "app.py"), Cancellation));
        Assert.Equal((ErrorCode.InvalidArgument, null), (unknown.Error!.Code, unknown.Release));
    }

    [Fact]
    public async Task A_folder_is_deployed_as_it_is_without_its_repository_and_its_releases()
    {
        await using var project = new DeployedProject(
            "source: {via: folder}\nbuild: {run: ['mkdir -p dist; echo built > dist/page'], copy: [dist]}");
        project.Write("deploy.production.yaml", $"deploy_to: {Path.Combine(project.Folder, "out")}\n");
        project.Write("app.py", DeployedProject.App("uncommitted"));

        var release = (await project.DeployAsync("updating")).Release!;

        Assert.Equal(ReleaseState.Ready, release.State);
        Assert.Equal(DeployedProject.App("uncommitted"), await File.ReadAllTextAsync(Path.Combine(release.Path, "app.py"), Cancellation));
        Assert.Equal("built\n", await File.ReadAllTextAsync(Path.Combine(release.Path, "dist", "page"), Cancellation));
        Assert.False(Path.Exists(Path.Combine(release.Path, ".git")));
        Assert.False(Path.Exists(Path.Combine(release.Path, "out")));
        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => project.DeployAsync("updating", "v1"));
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
    }

    [Fact]
    public async Task A_mirror_is_cloned_once_and_follows_the_repository()
    {
        using var origin = new TemporaryRepository();
        await using var project = new DeployedProject($"source: {{via: mirror, revision: main, repository: {origin.Path}, tree: service}}");
        foreach (var file in (string[])["app.py", "config.yaml"])
            origin.Write($"service/{file}", await File.ReadAllTextAsync(Path.Combine(project.Folder, file), Cancellation));
        origin.CommitAll("a service");

        var first = (await project.DeployAsync("updating")).Release!;
        origin.Write("service/app.py", DeployedProject.App("two"));
        var commit = origin.CommitAll("two");
        var plan = await project.Verbs.PlanAsync(
            new DeployRequest { Folder = project.Folder, Stage = DeployedProject.Stage }, Cancellation);
        var second = (await project.DeployAsync("updating")).Release!;

        Assert.True(File.Exists(Path.Combine(project.Root, "repo", "HEAD")));
        Assert.Equal(commit, plan.Commit);
        Assert.Equal(commit, second.Commit);
        Assert.NotEqual(first.Commit, second.Commit);
        Assert.Equal(DeployedProject.App("two"), await File.ReadAllTextAsync(Path.Combine(second.Path, "app.py"), Cancellation));
        Assert.False(Directory.Exists(Path.Combine(second.Path, "service")));
    }

    [Fact]
    public async Task What_was_not_pushed_is_refused_where_that_is_asked_for()
    {
        await using var project = new DeployedProject("check: {pushed: true}");
        var origin = project.Home.Folder("origin.git");
        TemporaryRepository.RunGit(origin, "init", "--quiet", "--bare");
        project.Git("remote", "add", "origin", origin);

        var none = await project.DeployAsync("starting");
        project.Git("push", "--quiet", "origin", "main");
        var pushed = await project.DeployAsync("starting");
        project.Commit("two");
        var behind = await project.DeployAsync("starting");

        Assert.Contains("origin has none of that name", none.Error!.Message, StringComparison.Ordinal);
        Assert.Null(pushed.Error);
        Assert.Equal(ErrorCode.InvalidState, behind.Error!.Code);
        Assert.Contains("git push origin main", behind.Error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_archive_leaves_out_is_told_by_name_wherever_it_is()
    {
        using var other = new TemporaryRepository();
        await using var project = new DeployedProject();
        var clean = await project.DeployAsync("updating");
        Assert.Empty(clean.Warnings);
        project.Git("submodule", "--quiet", "add", other.Path, "vendor/part");
        project.Write("data/.gitattributes", "*.bin filter=lfs\n");
        project.Write("data/model.bin", $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('0', 64)}\nsize 12345\n");
        project.Write("data/words.bin", "version https://elsewhere\n");
        project.Commit("two");

        var release = await project.DeployAsync("updating");

        Assert.Null(release.Error);
        Assert.Equal(2, release.Warnings.Count);
        Assert.Contains("The submodules vendor/part are empty", release.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("Git LFS data/model.bin there are only", release.Warnings[1], StringComparison.Ordinal);
    }
}
