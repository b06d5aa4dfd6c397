using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Tests.Integration.Releases;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Units;

/// <summary>Units of a service that is deployed: they follow <c>current</c>, and start from where it really leads.</summary>
public sealed class ReleaseUnitTests(SystemdHost host) : IClassFixture<SystemdHost>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_script_of_a_deployed_service_starts_what_current_leads_to()
    {
        Assert.SkipUnless(Environment.UserName == "root", "the service command needs root");
        Assert.SkipUnless(File.Exists("/usr/sbin/service"), "this machine has no service command (package init-system-helpers)");
        await using var project = new DeployedProject();
        string scripts = project.Home.Folder("init.d"), run = project.Home.Folder("run");
        // A project's own script is a template, linked where scripts are.
        project.Write("deploy/start.sh.tmpl", $$$"""
            #!/bin/sh
            ### BEGIN INIT INFO
            # Provides:          {{ service }}-own
            # Required-Start:    $remote_fs
            # Required-Stop:     $remote_fs
            # Default-Start:     2 3 4 5
            # Default-Stop:      0 1 6
            ### END INIT INFO
            export SERVICECTL_HOME={{{project.Home.Paths.Home}}}
            exec {{{Home.Executable}}} "$1" {{ service }}

            """);
        project.Write("deploy.production.yaml",
            $"templates: {{deploy/start.sh.tmpl: {{to: start.sh, mode: '0755', link: {scripts}/web-own}}}}\n");
        var first = await project.MustDeployAsync();
        project.Commit("two");
        var second = await project.MustDeployAsync();
        var made = await project.Home.RunAsync("/", "unit", "web", "--type", "sysv", "--destination", scripts);
        Assert.True(made.Code == 0, made.ToString());

        Assert.Equal(0, await ServiceAsync("web", "status"));
        Assert.Equal(0, await ServiceAsync("web", "restart"));
        Assert.Equal(second.Path, await FolderAsync());
        Assert.Null((await project.RestoreAsync()).Error);
        Assert.Equal(0, await ServiceAsync("web", "restart"));
        Assert.Equal((first.Path, "one"), (await FolderAsync(), await project.AnswerAsync()));
        Assert.Equal(0, await ServiceAsync("web", "stop"));
        Assert.Equal(3, await ServiceAsync("web", "status"));

        // Somebody moves the link by hand while it is stopped.
        File.Delete(project.Current);
        File.CreateSymbolicLink(project.Current, second.Path);
        Assert.Equal(0, await ServiceAsync("web", "start"));
        Assert.Equal((second.Path, "two"), (await FolderAsync(), await project.AnswerAsync()));

        Assert.Equal(0, await ServiceAsync("web-own", "stop"));
        Assert.Equal(3, await ServiceAsync("web-own", "status"));
        Assert.Equal(0, await ServiceAsync("web-own", "start"));
        Assert.Equal("two", await project.AnswerAsync());
        Assert.Equal(0, await ServiceAsync("web-own", "restart"));

        async Task<string?> FolderAsync() => new FileInfo(
            $"/proc/{(await project.Home.Client.Services.GetStatusAsync(["web"], Cancellation))[0].Pid}/cwd").LinkTarget;

        async Task<int> ServiceAsync(string name, string action)
        {
            using var process = Process.Start("/usr/bin/unshare",
                ["--mount", "sh", "-c", "mount --bind \"$1\" /etc/init.d && mount --bind \"$2\" /run && exec service \"$3\" \"$4\"",
                    "sh", scripts, run, name, action]);
            using var limit = Patience.Begin();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
    }

    [Fact]
    public async Task Systemd_starts_a_deployed_service_from_the_release_that_current_leads_to()
    {
        host.Require();
        var root = Path.Combine(host.Services, "rel");
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        foreach (var release in (string[])["20260101000000", "20260102000000"])
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "releases", release)).FullName;
            File.WriteAllText(Path.Combine(folder, "app.py"), DeployedProject.App(release));
            File.WriteAllText(Path.Combine(folder, "config.yaml"), $"""
                SERVICE_NAME: rel
                local_ip: 127.0.0.1
                local_port: {port}
                uwsgi: {"{"}http-socket: "127.0.0.1:{port}", module: "app:app", processes: 1{"}"}
                """);
        }

        Point("20260101000000");
        await host.ServiceCtlAsync("register", "/srv/rel/current");
        await host.InstallAsync("rel", "rel");
        await host.ServiceCtlAsync("agent", "stop");
        await host.MustAsync("systemctl", "enable", "--now", "rel.socket");
        using var client = new HttpClient { Timeout = Patience.Limit };
        async Task<string> AnswerAsync() => await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), Cancellation);

        Assert.Equal("20260101000000", await AnswerAsync());
        await host.BecomesAsync("rel", "ActiveState", state => state == "active");
        Assert.Contains("/srv/rel/current", await host.ShowAsync("rel", "ExecStart"), StringComparison.Ordinal);
        Point("20260102000000");
        await host.MustAsync("systemctl", "restart", "rel");
        Assert.Equal("20260102000000", await AnswerAsync());
        Directory.Delete(Path.Combine(root, "releases/20260101000000"), recursive: true);
        var main = await host.ShowAsync("rel", "MainPID");
        Assert.Contains("/srv/rel/releases/20260102000000",
            await host.MustAsync("sh", "-c", $"for child in $(cat /proc/{main}/task/*/children); do readlink /proc/$child/cwd; done"),
            StringComparison.Ordinal);
        await host.MustAsync("kill", "-KILL", main);
        await host.BecomesAsync("rel", "MainPID", pid => pid != "0" && pid != main);
        Assert.Equal("20260102000000", await AnswerAsync());
        await host.MustAsync("systemctl", "stop", "rel.socket", "rel");
        Assert.Equal("success", await host.ShowAsync("rel", "Result"));

        void Point(string release)
        {
            var next = Path.Combine(root, "next");
            File.CreateSymbolicLink(next, $"releases/{release}");
            File.Delete(Path.Combine(root, "current"));
            Directory.Move(next, Path.Combine(root, "current"));
        }
    }
}
