using System.Globalization;

namespace ServiceCtl.Tests.Security;

/// <summary>Root deploys for a service's user: what is deployed runs commands of its own, and the tree is that user's.</summary>
public sealed class HostileReleaseTests(Attackers attackers) : IAsyncDisposable
{
    private readonly Home _home = new();

    private ThrowawayUser User => attackers.Owner;

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Everything_that_is_the_services_is_done_as_its_user_with_nothing_of_roots_session()
    {
        var project = Project("""
            build: {run: ['id -un > built'], copy: [built]}
            hooks: {before_publish: ['id -un; echo "home $HOME; $ADMINS_SECRET"; touch of-the-hook']}
            """);

        using var process = _home.Start(project, new Dictionary<string, string> { ["ADMINS_SECRET"] = "s3cret" }, "deploy", "production");
        process.StandardInput.Close();
        var deployed = await CommandResult.OfAsync(process);

        Assert.True(deployed.Code == 0, deployed.ToString());
        var release = Assert.Single(Directory.GetDirectories(Path.Combine(Root, "releases")));
        var log = await File.ReadAllTextAsync(Path.Combine(release, "deploy.log"), TestContext.Current.CancellationToken);
        Assert.Contains($"  {User.Name}\n  home ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("/root", log, StringComparison.Ordinal);
        Assert.DoesNotContain("  home ; s3cret", log, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret\n", log, StringComparison.Ordinal);
        Assert.Equal($"{User.Name}\n", File.ReadAllText(Path.Combine(release, "built")));
        Assert.Empty((await RunAsync("/usr/bin/find", Root, "-not", "-user", User.Name)).Output);
    }

    [Fact]
    public async Task Links_in_the_tree_lead_root_nowhere()
    {
        var project = Project(
            "keep_releases: 1\nkeep_failed: 0\nlinked: {dirs: [log], files: [conf/own]}\ntemplates: {a.tmpl: {to: conf/a}}\n");
        File.WriteAllText(Path.Combine(project, "a.tmpl"), "rendered");
        var precious = _home.Folder("precious");
        var data = Path.Combine(precious, "data");
        File.WriteAllText(data, "root's");
        File.SetUnixFileMode(precious, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var folder in (string[])["releases/20200101000000", "releases/20200102000000", "shared/conf"])
            Directory.CreateDirectory(Path.Combine(Root, folder));
        // Old releases, to be deleted, that lead away; what is written into, too.
        File.CreateSymbolicLink(Path.Combine(Root, "releases/20200101000000/lib"), precious);
        File.CreateSymbolicLink(Path.Combine(Root, "releases/20200102000000/release.json"), data);
        File.CreateSymbolicLink(Path.Combine(Root, "shared/log"), precious);
        File.CreateSymbolicLink(Path.Combine(Root, "shared/conf/own"), data);
        File.CreateSymbolicLink(Path.Combine(Root, "revisions.log"), data);
        User.Own(Root);

        var first = await _home.RunAsync(project, "deploy", "production");
        Assert.True(first.Code == 0, first.ToString());
        Assert.Contains("revisions.log may not be written", first.ToString(), StringComparison.Ordinal);
        Assert.Equal("root's", File.ReadAllText(data));
        foreach (var link in (string[])["shared/log", "shared/conf/own", "revisions.log"])
            File.Delete(Path.Combine(Root, link));
        File.WriteAllText(Path.Combine(Root, "shared/conf/own"), "");
        File.CreateSymbolicLink(Path.Combine(project, "conf"), precious);
        var again = await _home.RunAsync(project, "deploy", "production");
        Assert.True(again.Code == 1, again.ToString());
        File.Delete(Path.Combine(project, "conf"));
        var deployed = await _home.RunAsync(project, "deploy", "production");

        Assert.True(deployed.Code == 0, deployed.ToString());
        Assert.Equal("root's", File.ReadAllText(data));
        Assert.Equal([data], Directory.GetFileSystemEntries(precious));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_cache_of_packages_is_the_users_alone_and_a_link_in_its_place_is_not_followed(bool isLink)
    {
        var project = Project("", $$"""
            service: {user: {{User.Name}}, venv: {python: /usr/bin/python3, system_packages: true} }
            env_directory: venv
            """);
        File.WriteAllText(Path.Combine(project, "requirements.txt"), "");
        var precious = _home.Folder("precious");
        ThrowawayUser.Open(precious);
        var cache = Path.Combine(Root, "shared", "pip-cache");
        Directory.CreateDirectory(isLink ? Path.Combine(Root, "shared") : cache);
        if (isLink)
            File.CreateSymbolicLink(cache, precious);
        else
            File.SetUnixFileMode(cache, (UnixFileMode)0b111_111_111);
        User.Own(Root);
        var before = File.GetUnixFileMode(precious);

        var deployed = await _home.RunAsync(project, "deploy", "production");

        Assert.True(deployed.Code == 0, deployed.ToString());
        var told = (await RunAsync("/usr/bin/stat", "-c", "%U %a %F", cache)).Output.Trim();
        Assert.Equal(isLink ? $"{User.Name} 777 symbolic link" : $"{User.Name} 700 directory", told);
        Assert.Empty(Directory.GetFileSystemEntries(precious));
        Assert.Equal(before, File.GetUnixFileMode(precious));
        Assert.Equal(isLink, File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(Root, "releases"))),
            "deploy.log")).Contains($"{cache} is a link, so it is not used as a cache.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deploy_yaml_that_others_can_change_has_root_do_nothing_as_root()
    {
        var project = Project("hooks: {before_publish: ['touch ran']}", user: "");

        var refused = await _home.RunAsync(project, "deploy", "production");

        Assert.Equal(1, refused.Code);
        Assert.Contains("others than root can change", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    private string Root => _home.Folder("deployed");

    private string Project(string deploy, string? user = null)
    {
        var folder = _home.Folder("project");
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, "app.py"), """
            def app(environ, start_response):
                start_response('200 OK', [('Content-Length', '2')])
                return [b'ok']
            """);
        File.WriteAllText(Path.Combine(folder, "config.yaml"), $"""
            SERVICE_NAME: hostile
            {(user ?? $"service: {"{"}user: {User.Name}{"}"}")}
            uwsgi:
              http-socket: "127.0.0.1:{port}"
              plugins: python3
              module: "app:app"

            """);
        File.WriteAllText(Path.Combine(folder, "deploy.yaml"),
            $"deploy_to: {Root}\nsource: {"{"}via: folder{"}"}\nstages: {"{"}production: {"{}}"}\n{deploy}\n");
        ThrowawayUser.Open(folder);
        ThrowawayUser.Open(Root);
        User.Own(folder);
        User.Own(Root);
        return folder;
    }

    private static Task<CommandResult> RunAsync(string program, params string[] arguments) => CommandResult.RunAsync(program, arguments);
}
