using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Units;

/// <summary>
/// SysV scripts under the real <c>service</c> command, in a mount namespace where <c>/etc/init.d</c> and <c>/run</c> are ours, so that no
/// systemd is seen.
/// </summary>
public sealed class SysVTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly string _scripts;
    private readonly string _run;

    public SysVTests()
    {
        _scripts = _home.Folder("init.d");
        _run = _home.Folder("run");
        Assert.SkipUnless(Environment.UserName == "root", "the service command needs root");
        Assert.SkipUnless(File.Exists("/usr/sbin/service") && File.Exists("/sbin/start-stop-daemon"),
            "this machine has no service command, or no start-stop-daemon (packages init-system-helpers, dpkg)");
    }

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task The_script_of_a_service_writes_its_pid_file_and_answers_as_the_LSB_says()
    {
        var name = $"sc-{Guid.NewGuid():N}"[..12];
        var pidFile = Path.Combine(_run, $"{name}.pid");
        var service = new FlaskService(_home, name);
        await _home.Client.Services.RegisterAsync(service.Folder, name: null, TestContext.Current.CancellationToken);
        await MakeAsync(name, "--type", "sysv");

        Assert.Equal(3, await ServiceAsync(name, "status"));
        Assert.Equal(0, await ServiceAsync(name, "start"));
        Assert.Equal(0, await ServiceAsync(name, "status"));
        var pid = File.ReadAllText(pidFile).Trim();
        Assert.Contains("uwsgi", File.ReadAllText($"/proc/{pid}/comm"));
        Assert.Equal(0, await ServiceAsync(name, "start"));
        Assert.Equal(pid, File.ReadAllText(pidFile).Trim());
        Assert.Equal(0, await ServiceAsync(name, "restart"));
        Assert.NotEqual(pid, File.ReadAllText(pidFile).Trim());

        await _home.RunAsync("/", "stop", name);
        Assert.Equal(1, await ServiceAsync(name, "status"));
        Assert.Equal(0, await ServiceAsync(name, "stop"));
        Assert.False(File.Exists(pidFile));
        Assert.Equal(3, await ServiceAsync(name, "status"));
        Assert.Equal(2, await ServiceAsync(name, "dance"));
    }

    [Fact]
    public async Task The_script_of_the_agent_leaves_its_services_running()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var service = new FlaskService(_home, "kept");
        await MakeAsync("--agent", "--type", "sysv");
        await _home.RunAsync("/", "agent", "stop");

        Assert.Equal(3, await ServiceAsync("servicectl", "status"));
        Assert.Equal(0, await ServiceAsync("servicectl", "start"));
        Assert.Equal(0, await ServiceAsync("servicectl", "status"));
        var agent = (await _home.Client.Agent.FindAsync(cancellation))!.Pid;
        Assert.Equal($"{agent}\n", File.ReadAllText(Path.Combine(_run, "servicectl.pid")));
        var pid = (await service.MustAsync(ServiceAction.Start)).After!.Pid;

        Assert.Equal(0, await ServiceAsync("servicectl", "stop"));
        Assert.Null(await _home.Client.Agent.FindAsync(cancellation));
        Assert.Equal(3, await ServiceAsync("servicectl", "status"));
        Assert.Equal("one", await service.GetAsync("/version"));

        Assert.Equal(0, await ServiceAsync("servicectl", "start"));
        Assert.Equal(0, await ServiceAsync("servicectl", "restart"));
        Assert.NotEqual(agent, (await _home.Client.Agent.FindAsync(cancellation))!.Pid);
        Assert.Equal(pid, (await service.StatusAsync()).Pid);
        await service.MustAsync(ServiceAction.Stop);
    }

    [Fact]
    public async Task The_script_of_a_daemon_starts_it_in_the_background_and_lets_it_finish()
    {
        var name = $"sc-{Guid.NewGuid():N}"[..12];
        var (program, said) = (Path.Combine(_scripts, "..", "the daemon.py"), Path.Combine(_scripts, "..", "said"));
        File.WriteAllText(program, $"""
            import signal, time
            def stop(number, frame):
                time.sleep(0.3)
                open({'"'}{said}{'"'}, 'w').write(f'finished after {"{"}number{"}"}')
                raise SystemExit
            signal.signal(signal.SIGTERM, stop)
            open({'"'}{said}{'"'}, 'w').write('works')
            while True:
                time.sleep(60)
            """);
        await MakeAsync(name, "--type", "sysv", "--daemon", program);

        Assert.Equal(3, await ServiceAsync(name, "status"));
        Assert.Equal(0, await ServiceAsync(name, "start"));
        Assert.Equal(0, await ServiceAsync(name, "status"));
        Assert.Contains("the daemon.py", File.ReadAllText($"/proc/{File.ReadAllText(Path.Combine(_run, $"{name}.pid")).Trim()}/cmdline"));
        await Condition.HoldsAsync(() => File.Exists(said) && File.ReadAllText(said) == "works", "the daemon works");
        Assert.Equal(0, await ServiceAsync(name, "start"));
        Assert.Equal(0, await ServiceAsync(name, "stop"));
        Assert.Equal("finished after 15", File.ReadAllText(said));
        Assert.False(File.Exists(Path.Combine(_run, $"{name}.pid")));
        Assert.Equal(0, await ServiceAsync(name, "stop"));
        Assert.Equal(3, await ServiceAsync(name, "status"));
    }

    private async Task MakeAsync(params string[] unit)
    {
        var made = await _home.RunAsync("/", ["unit", .. unit, "--destination", _scripts]);
        Assert.True(made.Code == 0, made.ToString());
    }

    private async Task<int> ServiceAsync(string name, string action)
    {
        using var process = Process.Start("/usr/bin/unshare",
            ["--mount", "sh", "-c", "mount --bind \"$1\" /etc/init.d && mount --bind \"$2\" /run && exec service \"$3\" \"$4\"", "sh",
                _scripts, _run, name, action]);
        using var limit = Patience.Begin();
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }
}
