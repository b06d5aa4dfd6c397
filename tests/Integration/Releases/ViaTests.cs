using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Git;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>Code that travels as a git bundle or as a wheel: real git, real build, real pip.</summary>
public sealed class ViaTests
{
    private const string Setup = """
        [build-system]
        requires = ["setuptools"]
        build-backend = "setuptools.build_meta"
        [project]
        name = "shop"
        version = "1.0"
        [tool.setuptools]
        packages = ["shop"]
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bundle_brings_what_the_mirror_lacks_whatever_the_mirror_was_before()
    {
        await using var project = new DeployedProject("source: {via: bundle}");
        project.Git("tag", "v1");
        var first = (await project.DeployAsync("updating")).Release!;
        project.Commit("two");
        var second = (await project.DeployAsync("updating")).Release!;
        var back = (await project.DeployAsync("updating", "v1")).Release!;
        project.Git("checkout", "--quiet", "--orphan", "other");
        project.Commit("three");
        var other = (await project.DeployAsync("updating")).Release!;
        var origin = project.Home.Folder("origin.git");
        TemporaryRepository.RunGit(origin, "clone", "--quiet", "--bare", project.Folder, ".");
        project.Write("deploy.production.yaml", $"source: {{via: mirror, repository: {origin}, revision: other}}\n");
        var mirrored = (await project.DeployAsync("updating")).Release!;
        project.Write("deploy.production.yaml", "keep_releases: 5\n");
        project.Commit("four");
        var again = (await project.DeployAsync("updating")).Release!;

        Assert.All([first, second, back, other, mirrored, again], release => Assert.Equal(ReleaseState.Ready, release.State));
        Assert.Equal(first.Commit, back.Commit);
        Assert.Equal(
            ["one", "two", "one", "three", "three", "four"],
            new[] { first, second, back, other, mirrored, again }.Select(VersionOf));
        Assert.Equal("", TemporaryRepository.RunGit(project.Folder, "for-each-ref", "refs/servicectl"));
    }

    [Fact]
    public async Task A_shallow_clone_is_no_bundle_and_a_mirror_that_is_broken_is_named()
    {
        await using var project = new DeployedProject("source: {via: bundle}");
        project.Commit("two");
        await project.DeployAsync("updating");
        var clone = project.Home.Folder("clone");
        TemporaryRepository.RunGit(clone, "clone", "--quiet", "--depth=1", $"file://{project.Folder}", ".");

        var shallow = await project.Verbs.DeployAsync(
            new DeployRequest { Folder = clone, Stage = DeployedProject.Stage, Step = "starting" }, null, Cancellation);
        project.Commit("three");
        Directory.Delete(Path.Combine(project.Root, "repo", "objects"), recursive: true);
        var broken = await project.DeployAsync("updating");

        Assert.Equal(ErrorCode.InvalidState, shallow.Error!.Code);
        Assert.Contains("git fetch --unshallow", shallow.Error.Advice, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.System, broken.Error!.Code);
    }

    [Fact]
    public async Task A_wheel_is_built_of_the_commit_and_serves_from_the_virtualenv_of_its_release()
    {
        await using var project = Packaged("source: {via: wheel, python: /usr/bin/python3}");
        var plan = await project.Verbs.PlanAsync(
            new DeployRequest { Folder = project.Folder, Stage = DeployedProject.Stage }, Cancellation);
        Assert.False(Directory.Exists(Path.Combine(project.Root, "releases")));

        var first = await project.MustDeployAsync();
        var again = await project.MustDeployAsync();
        var one = await project.AnswerAsync();
        project.Write("shop/__init__.py", DeployedProject.App("two"));
        project.Git("commit", "-qam", "two");
        await project.MustDeployAsync();
        var two = await project.AnswerAsync();
        await project.RestoreAsync();

        Assert.Empty(plan.Problems);
        Assert.Equal(("one", "two", "one"), (one, two, await project.AnswerAsync()));
        Assert.Equal([".wheel", "config.yaml", "deploy.log", "release.json", "REVISION", "REVISION_TIME", "venv"],
            Directory.GetFileSystemEntries(first.Path).Select(Path.GetFileName).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(EnvironmentOf(first), EnvironmentOf(again));
    }

    [Fact]
    public async Task A_wheel_that_is_there_is_taken_and_what_is_wrong_with_it_is_said_with_its_remedy()
    {
        await using var project = Packaged("""
            source: {via: wheel, wheel: dist/*.whl}
            build: {run: ['test -e dist || /usr/bin/python3 -m build --no-isolation --wheel --outdir dist . >/dev/null']}
            """);

        var made = await project.DeployAsync("updating");
        File.Copy(Directory.GetFiles(Path.Combine(project.Folder, "dist"))[0],
            Path.Combine(project.Folder, "dist", "shop-2.0-py3-none-any.whl"));
        var two = await project.DeployAsync("updating");
        project.Write("config.yaml", "SERVICE_NAME: web\nuwsgi: {module: shop}\n");
        project.Git("commit", "-qam", "no virtualenv");
        File.Delete(Path.Combine(project.Folder, "dist", "shop-2.0-py3-none-any.whl"));
        var bare = await project.DeployAsync("updating");
        project.Write("deploy.yaml", (await File.ReadAllTextAsync(Path.Combine(project.Folder, "deploy.yaml"), Cancellation))
            .Replace("wheel: dist/*.whl", "files: [none.yaml]", StringComparison.Ordinal));
        var missing = await project.DeployAsync("updating");
        project.Write("deploy.yaml", (await File.ReadAllTextAsync(Path.Combine(project.Folder, "deploy.yaml"), Cancellation))
            .Replace("files: [none.yaml]", "python: /usr/bin/python3", StringComparison.Ordinal));
        project.Write("pyproject.toml", Setup.Replace("\"shop\"]", "\"none\"]", StringComparison.Ordinal));
        project.Git("commit", "-qam", "broken");
        var broken = await project.DeployAsync("updating");

        Assert.True(made.Error is null, made.Error?.Message);
        Assert.Contains("fits 2 wheels", two.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("env_directory: venv", bare.Error!.Advice, StringComparison.Ordinal);
        Assert.Contains("has no file none.yaml", missing.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.PackageFailed, broken.Error!.Code);
        Assert.Contains(broken.Error.LogLines, line => line.Contains("none", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hosts_get_what_each_of_them_lacks_and_what_was_built()
    {
        await using var project = await FleetProject.StartAsync(2,
            "source: {via: bundle}\nbuild: {run: ['mkdir -p dist && echo made >dist/made.txt'], copy: [dist]}");
        project.Write("large", string.Concat(Enumerable.Range(0, 20_000).Select(number => $"{number * 7919}\n")));
        project.Git("add", "large");
        project.Commit("large");
        var all = await project.DeployAsync();
        project.Commit("two");
        var one = await project.DeployAsync("--host", "web1");
        project.Commit("three");
        var both = await project.DeployAsync();
        var nothing = await project.DeployAsync();

        Assert.True(nothing.Error is null, $"{nothing.Error?.Message}\n{string.Join('\n', nothing.Error?.LogLines ?? [])}");
        Assert.Equal("three three", await project.AnswersAsync());
        Assert.True(File.Exists(project.On(0, $"/srv/web/releases/{both.Release!.Id}/dist/made.txt")));
        Assert.False(Path.Exists(project.On(0, "/srv/web/.received")));
        Assert.All(new[] { one, both }, later => Assert.InRange(BytesOf(later), 1, BytesOf(all) / 10));
        Assert.Contains("that 2 of 2 hosts lack", Bundle(both), StringComparison.Ordinal);
        Assert.Equal(0, BytesOf(nothing));
    }

    private static string Bundle(PyServiceDeployment deployment) => deployment.Steps.Single(step => step.Step == "bundle").Message;

    private static long BytesOf(PyServiceDeployment deployment) => long.Parse(Bundle(deployment).Split(' ')[0]);

    private static string? EnvironmentOf(PyServiceRelease release) => new FileInfo(Path.Combine(release.Path, "venv")).LinkTarget;

    private static string VersionOf(PyServiceRelease release) =>
        File.ReadAllText(Path.Combine(release.Path, "app.py")).Split("b'")[1].Split('\'')[0];

    private static DeployedProject Packaged(string deploy)
    {
        var project = new DeployedProject(deploy,
            "env_directory: venv\nservice: {venv: {python: /usr/bin/python3, system_packages: true}}");
        project.Write("pyproject.toml", Setup);
        project.Write("shop/__init__.py", DeployedProject.App("one"));
        project.Write("config.yaml", File.ReadAllText(Path.Combine(project.Folder, "config.yaml"))
            .Replace("app:app", "shop:app", StringComparison.Ordinal));
        project.Git("add", ".");
        project.Git("commit", "-qm", "a package");
        return project;
    }
}
