using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>The real Capistrano beside ours, with the same repository.</summary>
public sealed partial class CapistranoTests
{
    private static readonly string[] OursAlone = ["release.json", "deploy.log", "REVISION_TIME"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_make_the_same_tree_and_the_same_lines_of_the_same_commit()
    {
        await using var project = new DeployedProject("linked: {files: [conf/.env], dirs: [log, tmp/pids]}");
        project.Write("bin/run", "#!/bin/sh\n");
        project.Write("conf/plain", "of the commit\n");
        project.Write("log/in-the-commit", "gives way\n");
        project.Write("left-out", "\n");
        project.Write(".gitattributes", "left-out export-ignore\n");
        project.Write("with blank ü", "\n");
        File.SetUnixFileMode(Path.Combine(project.Folder, "bin/run"), UnixFileMode.UserRead | UnixFileMode.UserWrite
            | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(project.Folder, "link"), "bin/run");
        project.Commit("one");
        project.Write("deploy.production.yaml", $"source: {{via: mirror, revision: main, repository: {project.Folder}}}\n");
        var theirs = project.Home.Folder("by-capistrano");
        var cap = new Capistrano(project.Home, project.Folder, theirs,
            "set :linked_files, %w[conf/.env]\nset :linked_dirs, %w[log tmp/pids]");
        foreach (var root in (string[])[theirs, project.Root])
        {
            Directory.CreateDirectory(Path.Combine(root, "shared/conf"));
            await File.WriteAllTextAsync(Path.Combine(root, "shared/conf/.env"), "A=1\n", Cancellation);
        }

        await cap.RunAsync("production", "deploy");
        var release = await project.MustDeployAsync();

        var their = Path.GetFileName(new FileInfo(Path.Combine(theirs, "current")).LinkTarget!);
        Assert.Equal(Tree(theirs, $"releases/{their}", their), Tree(project.Root, $"releases/{release.Id}", release.Id));
        Assert.Equal(Tree(theirs, "shared", their), Tree(project.Root, "shared", release.Id));
        Assert.Equal(
            Directory.GetFileSystemEntries(theirs).Select(Path.GetFileName).Order(),
            Directory.GetFileSystemEntries(project.Root).Select(Path.GetFileName).Order());
        Assert.Equal(
            (await File.ReadAllTextAsync(Path.Combine(theirs, "revisions.log"), Cancellation)).Replace(their, "R"),
            (await File.ReadAllTextAsync(Path.Combine(project.Root, "revisions.log"), Cancellation)).Replace(release.Id, "R"));
    }

    [Fact]
    public async Task Either_takes_over_the_tree_of_the_other()
    {
        await using var project = new DeployedProject();
        var cap = new Capistrano(project.Home, project.Folder, project.Root);
        await cap.RunAsync("production", "deploy");
        project.Commit("two");
        await Task.Delay(1100, Cancellation);   // its releases are named by the second
        await cap.RunAsync("production", "deploy");

        var made = await project.ReleasesAsync();
        Assert.Equal([ReleaseState.Previous, ReleaseState.Current], made.Select(release => release.State));
        var back = await project.RestoreAsync();
        Assert.True(back.Error is null, back.Error?.Message);
        Assert.Equal((made[0].Id, "one"), (back.Release!.Id, await project.AnswerAsync()));
        project.Commit("three");
        var ours = await project.MustDeployAsync();
        Assert.Equal("three", await project.AnswerAsync());

        project.Commit("four");
        await Task.Delay(1100, Cancellation);
        await cap.RunAsync("production", "deploy");
        var after = await project.ReleasesAsync();
        Assert.Equal(
            [(made[0].Id, ReleaseState.Previous), (made[1].Id, ReleaseState.Restored), (ours.Id, ReleaseState.Previous),
                (after[^1].Id, ReleaseState.Current)], after);
        Assert.Equal("three", await project.AnswerAsync());
        Assert.Equal(0, (await project.Home.RunAsync(project.Folder, "restart", "web")).Code);
        Assert.Equal("four", await project.AnswerAsync());

        Assert.Null((await project.RestoreAsync()).Error);
        Assert.Equal("three", await project.AnswerAsync());
        Assert.Equal(
            ["deployed", "deployed", "rolled", "deployed", "deployed", "rolled"],
            (await File.ReadAllLinesAsync(Path.Combine(project.Root, "revisions.log"), Cancellation))
                .Select(line => line.Contains(" deployed as release ", StringComparison.Ordinal) ? "deployed"
                    : line.Contains(" rolled back to release ", StringComparison.Ordinal) ? "rolled" : line));
    }

    [Fact]
    public async Task Every_task_and_every_variable_of_it_is_in_the_page_for_those_who_come_from_it()
    {
        await using var home = new Home();
        var cap = new Capistrano(home, "/nowhere", home.Folder("to"));
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/guide/from-capistrano.md"), Cancellation);

        var tasks = TaskLine().Matches(await cap.RunAsync("-AT")).Select(match => match.Groups["name"].Value)
            .Where(name => name != "production").ToHashSet();
        // Options of commands and names of examples look the same.
        string[] others = ["primary", "echo", "stdin", "prompt", "my_plugin_option"];
        var variables = Capistrano.Sources.SelectMany(text => Variable().Matches(text)).Select(match => match.Groups["name"].Value)
            .Where(name => !others.Contains(name)).ToHashSet();

        Assert.True(tasks.Count > 40, string.Join(", ", tasks));
        Assert.True(variables.Count > 30, string.Join(", ", variables));
        Assert.DoesNotContain(tasks.Concat(variables), name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    /// <summary>Each path with what it is; what only ours writes is left out.</summary>
    private static string[] Tree(string root, string folder, string release) =>
        [.. Walk(Path.Combine(root, folder)).Order(StringComparer.Ordinal).Select(path =>
        {
            var name = Path.GetRelativePath(Path.Combine(root, folder), path);
            if (new FileInfo(path).LinkTarget is { } target)
                return $"{name} -> {target.Replace(root, "ROOT", StringComparison.Ordinal)}";
            if (Directory.Exists(path))
                return $"{name}/";
            var isProgram = File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);
            return $"{name}{(isProgram ? "*" : "")} {File.ReadAllText(path).Replace(release, "R", StringComparison.Ordinal)}";
        })];

    private static IEnumerable<string> Walk(string folder) => Directory.GetFileSystemEntries(folder)
        .Where(path => !OursAlone.Contains(Path.GetFileName(path)) && Path.GetFileName(path) != "__pycache__")
        .SelectMany(path => new FileInfo(path).LinkTarget is null && Directory.Exists(path) ? Walk(path).Prepend(path) : [path]);

    [GeneratedRegex(@"^cap (?<name>[a-z_:]+)\s", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex TaskLine();

    [GeneratedRegex(@"\b(fetch|set_if_empty|set)[( ]\s*:(?<name>[a-z_]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
