using System.Globalization;
using System.Net.Sockets;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Units;

/// <summary>The units of the agent, of a service and of daemons under a real, booted systemd.</summary>
public sealed class SystemdTests(SystemdHost host) : IClassFixture<SystemdHost>
{
    private const string App = """
        from flask import Flask
        app = Flask(__name__)

        @app.route('/ping', methods=['GET', 'POST'])
        def ping():
            return 'pong'
        """;

    [Fact]
    public async Task The_agent_is_ready_lives_and_may_be_killed_hang_or_restart_while_its_services_serve_on()
    {
        host.Require();
        MakeFlask("owned");
        await host.InstallAsync("servicectl", "--agent");
        await host.MustAsync("systemctl", "start", "servicectl");
        Assert.Equal("active", await host.ShowAsync("servicectl", "ActiveState"));
        await host.ServiceCtlAsync("register", "/srv/owned");
        await host.ServiceCtlAsync("start", "owned");
        var service = await PidAsync("owned");
        await host.BecomesAsync("servicectl", "StatusText", text => text.StartsWith("1 of ", StringComparison.Ordinal));

        await ComesBackAsync("servicectl", "-KILL");
        Assert.Equal(service, await PidAsync("owned"));
        await ComesBackAsync("servicectl", "-STOP");
        Assert.Contains("Watchdog timeout", await host.JournalAsync("servicectl"));
        Assert.Equal(service, await PidAsync("owned"));
        await host.MustAsync("systemctl", "restart", "servicectl");
        Assert.Equal(service, await PidAsync("owned"));

        await host.ServiceCtlAsync("stop", "owned");
        await host.MustAsync("systemctl", "stop", "servicectl");
        Assert.Equal("success", await host.ShowAsync("servicectl", "Result"));
    }

    [Fact]
    public async Task A_service_is_activated_by_its_socket_restarted_without_a_refusal_and_brought_back()
    {
        host.Require();
        var url = MakeFlask("direct");
        await host.ServiceCtlAsync("register", "/srv/direct");
        await host.InstallAsync("direct", "direct");
        await host.ServiceCtlAsync("agent", "stop");

        await host.MustAsync("systemctl", "enable", "--now", "direct.socket");
        Assert.Equal("inactive", await host.ShowAsync("direct", "ActiveState"));
        using var client = new HttpClient { Timeout = Patience.Limit };
        Assert.Equal("pong", await client.GetStringAsync(url, TestContext.Current.CancellationToken));
        await host.BecomesAsync("direct", "ActiveState", state => state == "active");
        Assert.Contains("is ready", await host.ShowAsync("direct", "StatusText"));
        Assert.Contains("NoNewPrivs:\t1", await host.MustAsync("cat", $"/proc/{await host.ShowAsync("direct", "MainPID")}/status"));
        Assert.NotEqual(0,
            (await host.RunAsync("nsenter", "-t", await host.ShowAsync("direct", "MainPID"), "-m", "touch", "/etc/not-here")).Code);

        // Connections wait for the next server, and nobody is refused; those that the old server accepts while it ends may be reset.
        using var stop = new CancellationTokenSource();
        var load = AskAsync(client, url, stop.Token);
        await host.MustAsync("systemctl", "restart", "direct");
        await stop.CancelAsync();
        var (answers, resets) = await load;
        Assert.True(answers > resets, $"{answers} answers, {resets} resets");

        await ComesBackAsync("direct", "-KILL");
        Assert.Equal("pong", await client.GetStringAsync(url, TestContext.Current.CancellationToken));
        await ComesBackAsync("direct", "-STOP");
        Assert.Equal("pong", await client.GetStringAsync(url, TestContext.Current.CancellationToken));
        var journal = await host.JournalAsync("direct");
        Assert.Contains("uwsgi socket 0 inherited INET address", journal);
        Assert.Contains("Watchdog timeout", journal);
        Assert.Contains("inherited INET address", await host.MustAsync("cat", "/var/log/servicectl-direct/output.log"));

        await host.MustAsync("systemctl", "stop", "direct.socket", "direct");
        Assert.Equal("success", await host.ShowAsync("direct", "Result"));
    }

    [Fact]
    public async Task A_service_registered_at_boot_runs_after_a_reboot()
    {
        host.Require();
        var url = MakeFlask("booted");
        Assert.Contains("/etc/systemd/system/servicectl.service", await host.ServiceCtlAsync("register", "/srv/booted", "--at-boot"));
        Assert.Equal("enabled\n", await host.MustAsync("systemctl", "is-enabled", "servicectl"));
        // Nothing is started now; whoever shuts down stops nothing by an order.
        Assert.Equal(3, (await host.RunAsync(Home.Executable, "status", "booted")).Code);
        await host.ServiceCtlAsync("agent", "stop", "--keep-services");

        await host.RebootAsync();

        using var client = new HttpClient();
        await Condition.HoldsAsync(
            async () => await host.ShowAsync("servicectl", "StatusText") is var text && text.StartsWith("1 of ", StringComparison.Ordinal),
            "the service runs");
        Assert.Equal("pong", await client.GetStringAsync(url, TestContext.Current.CancellationToken));
        Assert.Equal("active", await host.ShowAsync("servicectl", "ActiveState"));

        // Stopped by an order, it starts at the next boot all the same, until it is disabled.
        await host.ServiceCtlAsync("stop", "booted");
        await host.RebootAsync();
        await Condition.HoldsAsync(
            async () => await host.ShowAsync("servicectl", "StatusText") is var text && text.StartsWith("1 of ", StringComparison.Ordinal),
            "the service runs again");
        Assert.DoesNotContain("The agent starts at boot", await host.ServiceCtlAsync("enable", "booted"));
        await host.ServiceCtlAsync("disable", "booted");
        await host.ServiceCtlAsync("agent", "stop", "--keep-services");
        await host.RebootAsync();
        Assert.Equal(3, (await host.RunAsync(Home.Executable, "status", "booted")).Code);
        await host.MustAsync("systemctl", "disable", "--now", "servicectl");
    }

    [Theory]
    [InlineData("Passive", "interrupted == True", "Received 15 signal.", "finished")]
    [InlineData("Aggressive", "Received 15 signal.", "Graceful Interrupt...", "cleaned up")]
    public async Task A_daemon_of_pwsh_notifies_obeys_and_is_ended_when_it_hangs(string mode, params string[] lastLines)
    {
        host.Require();
        Assert.SkipUnless(File.Exists(Repository.PowerShell), "PowerShell is not restored: ./build.sh pwsh");
        Assert.SkipUnless(Directory.Exists(Repository.Module), "the module is not built: ./build.sh build");
        var name = $"My{mode}";
        File.WriteAllText(Path.Combine(host.Services, $"{name}.ps1"), $$"""
            Import-Module {{Repository.Module}}
            Invoke-Daemon {{name}} -InterruptMode {{mode}} -LogPath /var/log/{{name}} -Syslog -Stream {
                param($daemon)
                try {
                    $daemon.Status = 'at work'
                    while (-not $daemon.Interrupted) {
                        while (Test-Path /srv/{{name}}.hang) { }
                        {{(mode == "Passive" ? "$daemon.Wait('1s')" : "$daemon.KeepAlive(); Start-Sleep 1")}}
                    }
                    $daemon.Info('finished')
                }
                finally { if ('{{mode}}' -eq 'Aggressive') { $daemon.Info('cleaned up') } }
            }
            """);
        await host.InstallAsync(name, name, "--daemon", $"/srv/{name}.ps1");
        await host.MustAsync("systemctl", "start", name);
        Assert.Equal("active", await host.ShowAsync(name, "ActiveState"));
        await host.BecomesAsync(name, "StatusText", text => text == "at work");

        var before = await host.ShowAsync(name, "MainPID");
        var hang = Path.Combine(host.Services, $"{name}.hang");
        File.WriteAllText(hang, "");
        await host.BecomesAsync(name, "NRestarts", restarts => restarts != "0");
        File.Delete(hang);
        Assert.Contains("Watchdog timeout", await host.JournalAsync(name));
        await host.BecomesAsync(name, "StatusText", text => text == "at work");
        var pid = await host.ShowAsync(name, "MainPID");
        Assert.NotEqual(before, pid);

        await host.MustAsync("systemctl", "stop", name);
        Assert.Equal("success", await host.ShowAsync(name, "Result"));
        string[] expected = [$"PID: {pid}", "Set signal handler: 2", "Set signal handler: 15", $"Mode: {mode.ToUpperInvariant()}",
            .. lastLines];
        var file = await host.MustAsync("cat", $"/var/log/{name}/simple_daemon.log");
        Assert.Equal(expected,
            file.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(expected.Length).Select(line => line.Split(" - ", 4)[3]));
        var journal = await host.MustAsync("journalctl", "--no-pager", "-o", "cat", "-t", name, $"_PID={pid}");
        Assert.Equal(expected, journal.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Asks again and again. Whoever is refused fails the test.</summary>
    private static async Task<(int Answers, int Resets)> AskAsync(HttpClient client, string url, CancellationToken stop)
    {
        var (answers, resets) = (0, 0);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Assert.Equal("pong", await client.GetStringAsync(url, CancellationToken.None));
                answers++;
            }
            catch (HttpRequestException error)
                when (error.GetBaseException() is not SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                resets++;
            }
        }

        return (answers, resets);
    }

    private string MakeFlask(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Services, name)).FullName;
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, "app.py"), App);
        File.WriteAllText(Path.Combine(folder, "config.yaml"), $"""
            SERVICE_NAME: {name}
            local_ip: 127.0.0.1
            local_port: {port}
            uwsgi: {"{"}http-socket: "127.0.0.1:{port}", module: "app:app", processes: 1{"}"}
            """);
        return $"http://127.0.0.1:{port}/ping";
    }

    private async Task<string> PidAsync(string service) =>
        (await host.ServiceCtlAsync("status", service)).Split('\n').Single(line => line.StartsWith("pid ", StringComparison.Ordinal))
            .Split(' ')[^1];

    private async Task ComesBackAsync(string unit, string signal)
    {
        var before = await host.ShowAsync(unit, "MainPID");
        await host.MustAsync("kill", signal, before);
        await host.BecomesAsync(unit, "MainPID", pid => pid != "0" && pid != before);
        await host.BecomesAsync(unit, "ActiveState", state => state == "active");
    }
}
