using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Releases;

/// <summary>What a deploy puts outside of a release, and folders that a service has outside of it.</summary>
public sealed class PlacesTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_goes_into_shared_with_its_release_and_back_with_a_rollback()
    {
        await using var project = new DeployedProject("check: {http: /}");
        var scripts = project.Home.Folder("init.d");
        project.Write("deploy.production.yaml", $$"""
            templates:
              deploy/start.sh.tmpl: {to: config/start.sh, into: shared, mode: '0755', link: {{scripts}}/web}
              deploy/app.conf.tmpl: {to: conf/app.conf, link: {{scripts}}/app.conf}

            """);
        string script = Path.Combine(scripts, "web"), conf = Path.Combine(scripts, "app.conf");
        async Task<(string, string)> ReadAsync() =>
            (await File.ReadAllTextAsync(script, Cancellation), await File.ReadAllTextAsync(conf, Cancellation));
        void Write(string version)
        {
            project.Write("deploy/start.sh.tmpl", $"#!/bin/sh\necho {version} of {{{{ service }}}}\n");
            project.Write("deploy/app.conf.tmpl", version);
        }

        Write("one");
        await File.WriteAllTextAsync(script, "somebody's", Cancellation);
        var other = await project.DeployAsync();
        Assert.Equal((ErrorCode.FileExists, null), (other.Error!.Code, other.Release));
        Assert.Equal("somebody's", await File.ReadAllTextAsync(script, Cancellation));
        File.Delete(script);

        await project.MustDeployAsync();
        Assert.Equal(Path.Combine(project.Root, "shared", "config", "start.sh"), new FileInfo(script).LinkTarget);
        Assert.Equal(Path.Combine(project.Current, "conf", "app.conf"), new FileInfo(conf).LinkTarget);
        Assert.Equal(("#!/bin/sh\necho one of web\n", "one"), await ReadAsync());
        Assert.Equal(Executable, File.GetUnixFileMode(script));

        Write("sick");
        project.Commit("sick", DeployedProject.App("sick").Replace("200 OK", "500 Sick", StringComparison.Ordinal));
        var sick = await project.DeployAsync();
        Assert.Equal(OperationOutcome.Failed, sick.Outcome);
        Assert.Equal(("#!/bin/sh\necho one of web\n", "one"), await ReadAsync());

        Write("two");
        project.Commit("two");
        var plan = await project.Home.RunAsync(project.Folder, "deploy", DeployedProject.Stage, "--what-if");
        Assert.Contains("+ echo two of web", plan.Output, StringComparison.Ordinal);
        Assert.Equal(("#!/bin/sh\necho one of web\n", "one"), await ReadAsync());
        await project.MustDeployAsync();
        Assert.Equal(("#!/bin/sh\necho two of web\n", "two"), await ReadAsync());
        Assert.Null((await project.RestoreAsync()).Error);
        Assert.Equal(("#!/bin/sh\necho one of web\n", "one"), await ReadAsync());
        Assert.Equal(Executable, File.GetUnixFileMode(script));
    }

    [Fact]
    public async Task Root_makes_no_link_that_leads_to_what_the_service_s_user_can_change()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        await using var project = new DeployedProject("", $"service: {{user: {user.Name}}}");
        var scripts = project.Home.Folder("init.d");
        ThrowawayUser.Open(project.Root);
        user.Own(project.Root);
        File.SetUnixFileMode(scripts, Executable);
        project.Write("deploy.production.yaml",
            $"templates: {{deploy/start.sh.tmpl: {{to: start.sh, mode: '0755', link: {scripts}/web}}}}\n");
        project.Write("deploy/start.sh.tmpl", "#!/bin/sh\n");
        project.Commit("one");

        var refused = await project.DeployAsync();

        Assert.True(refused.Error?.Code == ErrorCode.AccessDenied, refused.Error?.Message);
        Assert.Contains($"by {user.Name}", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("unit NAME --type sysv", refused.Error.Advice, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scripts));
        Assert.False(Path.Exists(project.Current));
    }

    [Fact]
    public async Task A_package_that_is_not_installed_stops_before_anything_is_made()
    {
        await using var project = new DeployedProject("packages: [surely-nobody-has-this]");

        var refused = await project.DeployAsync();
        var check = await project.Home.RunAsync(project.Folder, "deploy", "check", DeployedProject.Stage);

        Assert.Equal((ErrorCode.RunnerMissing, null), (refused.Error!.Code, refused.Release));
        Assert.Equal(1, check.Code);
        Assert.Contains("apt install surely-nobody-has-this", check.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_of_the_service_are_made_with_owner_and_mode_and_again_when_they_went_with_a_boot()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        await using var home = new Home();
        var runs = home.Folder("run-of-the-host");
        ThrowawayUser.Open(runs);
        string run = Path.Combine(runs, "web"), log = Path.Combine(runs, "log", "web");
        var service = new LocalService(home, "web", $$"""
            directories_to_create: [{{run}}, {{log}}]
            directories_mode: '0750'
            service: {runner: command, command: [/bin/sleep, '1000'], user: {{user.Name}}, restart: {delay: 100ms} }
            """);
        ThrowawayUser.Open(service.Folder);
        var started = await service.MustAsync(ServiceAction.Start);
        Hold();

        // As at a boot: /run is empty, nothing runs, and the agent brings back what is to run.
        await home.KillAgentAsync();
        Directory.Delete(run);
        Directory.Delete(log);
        using (var main = System.Diagnostics.Process.GetProcessById(started.After!.Pid!.Value))
        {
            main.Kill();
            await main.WaitForExitAsync(Cancellation);
        }

        await home.Client.Services.WaitAsync("web", ServiceState.Running, Patience.Limit, Cancellation);
        Hold();

        void Hold()
        {
            foreach (var folder in (string[])[run, log])
            {
                Assert.Equal(user.Name, FileOwner.Find(folder));
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
                    | UnixFileMode.GroupExecute, File.GetUnixFileMode(folder));
            }
        }
    }
}
