using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// What a service brings of its own, where root would like to know more of it: its server, its plugins, what its server reads, and its
/// notify socket.
/// </summary>
public sealed class HostileProgramTests(Attackers attackers) : IAsyncDisposable
{
    private readonly Home _home = new();

    private ThrowawayUser Owner => attackers.Owner;

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    /// <summary>A check asks the service's uWSGI what it knows: as root, if the configuration could have its way.</summary>
    [Theory]
    [InlineData("", "others than root can change")]
    [InlineData("service: {user: root}", "others than root can change")]
    [InlineData("service: {user: STRANGER}", "valid")]
    public async Task A_check_by_root_runs_no_program_of_a_service_that_nobody_has_registered(string more, string said)
    {
        var service = WithOwnServer(more.Replace("STRANGER", attackers.Stranger.Name, StringComparison.Ordinal));

        var check = await _home.RunAsync(service.Folder, "config", "check", ".");

        Assert.Contains(said, check.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(service.Folder, "ran")));
    }

    [Fact]
    public async Task A_check_of_a_registered_service_runs_its_server_as_its_user()
    {
        var service = WithOwnServer($"service: {{user: {Owner.Name}}}");
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "register")).Code);

        // A registration is on disk, where the check looks, a moment after its answer.
        await Condition.HoldsAsync(
            async () => (await _home.RunAsync(service.Folder, "config", "check", ".")).Code == 0
                && File.Exists(Path.Combine(service.Folder, "ran")),
            "the check runs the server");

        Assert.Equal($"{Owner.Name}\n", await File.ReadAllTextAsync(Path.Combine(service.Folder, "ran")));
        service.Replace("config.yaml", Owner.Name, attackers.Stranger.Name);
        File.Delete(Path.Combine(service.Folder, "ran"));
        Assert.Contains("was registered to run as", (await _home.RunAsync(service.Folder, "config", "check", ".")).Output,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(service.Folder, "ran")));
    }

    [Fact]
    public async Task A_plugin_that_is_a_fifo_holds_no_start_up()
    {
        var owner = Owner;
        var service = new FlaskService(_home, "plugged", "plugins-dir: tmp\nnosuch-option-of-any-plugin: 1",
            $"service: {{user: {owner.Name}}}");
        ThrowawayUser.Open(service.Folder);
        Directory.CreateDirectory(Path.Combine(service.Folder, "tmp"));
        Directory.CreateDirectory(Path.Combine(service.Folder, "log"));
        Assert.Equal(0, (await CommandResult.RunAsync("/usr/bin/mkfifo", Path.Combine(service.Folder, "tmp", "aaa_plugin.so"))).Code);
        owner.Own(service.Folder);

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("one", await service.GetAsync("/version"));
    }

    [Fact]
    public async Task A_fifo_that_gunicorn_would_read_holds_gunicorn_up_and_nobody_else()
    {
        var owner = Owner;
        var service = new LocalService(
            _home, "fifo",
            $"service: {{runner: gunicorn, app: 'app:app', listen: 127.0.0.1:PORT, user: {owner.Name}, ready: {{timeout: 2s}}, stop: "
                + $"{{timeout: 1s}}}}\n", ("app.py", FlaskService.App));
        ThrowawayUser.Open(service.Folder);
        Assert.Equal(0, (await CommandResult.RunAsync("/usr/bin/mkfifo", Path.Combine(service.Folder, "gunicorn.conf.py"))).Code);
        owner.Own(service.Folder);

        var failed = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, failed.Outcome);
        Assert.Equal(3, (await _home.RunAsync(service.Folder, "status", "fifo")).Code);
    }

    [Fact]
    public async Task Nobody_else_says_that_a_service_is_ready_and_it_can_say_no_more_than_that()
    {
        var owner = Owner;
        var service = new LocalService(
            _home, "waiting",
            $"service: {{runner: command, command: [/usr/bin/python3, app.py], user: {owner.Name}, ready: {{notify: true, timeout: "
                + $"60s}}}}\n",
            ("app.py", """
                import os, socket, time
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                open('path', 'w').write(os.environ['NOTIFY_SOCKET'])
                s.sendto(b'MAINPID=1\nWATCHDOG=trigger\nERRNO=1\nSTATUS=' + b'x' * 30000, os.environ['NOTIFY_SOCKET'])
                while not os.path.exists('go'):
                    time.sleep(0.05)
                s.sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])
                time.sleep(100000)
                """));
        ThrowawayUser.Open(service.Folder);
        owner.Own(service.Folder);
        var starting = service.MustAsync(ServiceAction.Start);
        var told = Path.Combine(service.Folder, "path");
        await Condition.HoldsAsync(() => File.Exists(told) && File.ReadAllText(told).Length > 0, "it was launched");

        var spoofed = await attackers.Stranger.RunAsync(
            "/usr/bin/python3", "-c",
            $"import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1', '{File.ReadAllText(told)}')");

        Assert.NotEqual(0, spoofed.Code);
        Assert.Contains("PermissionError", spoofed.Error, StringComparison.Ordinal);
        Assert.False(starting.IsCompleted);
        File.WriteAllText(Path.Combine(service.Folder, "go"), "");
        await starting;
        Assert.NotEqual(1, (await service.StatusAsync()).Pid);
    }

    /// <summary>A service that brings its uWSGI in its virtualenv; that one notes who ran it.</summary>
    private LocalService WithOwnServer(string more)
    {
        var owner = Owner;
        var port = LocalService.FreePort().ToString(CultureInfo.InvariantCulture);
        var service = new LocalService(
            _home, "bringing",
            $"SERVICE_NAME: bringing\nlocal_port: {port}\nenv_directory: venv\nuwsgi:\n  http-socket: 127.0.0.1:{port}\n  module: "
                + $"app:app\n{more}\n",
            ("venv/bin/uwsgi", "#!/bin/sh\nid -un > \"$(dirname \"$0\")/../../ran\"\necho '    --http-socket  x'\n"),
            ("venv/bin/python", "#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n"));
        ThrowawayUser.Open(service.Folder);
        owner.Own(service.Folder);
        return service;
    }
}
