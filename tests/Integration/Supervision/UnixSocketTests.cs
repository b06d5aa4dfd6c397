using System.Diagnostics;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>The file by which a Unix socket is reached: gone, taken, and whose it is.</summary>
public sealed class UnixSocketTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uwsgi: {http-socket: s.sock, module: 'app:app'}", ServiceAction.Restart)]
    [InlineData("uwsgi: {http-socket: s.sock, module: 'app:app'}", ServiceAction.HotRestart)]
    [InlineData("service: {runner: gunicorn, app: 'app:app', listen: ./s.sock}", ServiceAction.Restart)]
    [InlineData("service: {runner: gunicorn, app: 'app:app', listen: ./s.sock, socket: own}", ServiceAction.Restart)]
    public async Task A_file_that_somebody_deletes_is_told_and_a_restart_makes_it_again(string config, ServiceAction action)
    {
        var service = new LocalService(_home, "lost", config, ("app.py", RunnerSamples.One));
        var file = Path.Combine(service.Folder, "s.sock");
        var first = await service.MustAsync(ServiceAction.Start);
        Assert.Equal((true, null), (await service.StatusAsync() is var before ? (before.Listening, before.Problem) : default));

        File.Delete(file);

        var status = await service.StatusAsync();
        Assert.Equal((ServiceState.Running, first.After!.Pid, false), (status.State, status.Pid, status.Listening));
        Assert.Equal($"Nobody can connect to it, because the file of its socket {file} was deleted; a restart makes it again.",
            status.Problem);
        var result = await service.MustAsync(action);
        if (action == ServiceAction.HotRestart)
            Assert.Contains($"restarted instead of hot-restarted, because the file of its socket {file} was deleted", result.Message,
                StringComparison.Ordinal);
        Assert.Equal("one", await service.GetFromUnixAsync("s.sock", "/"));
        Assert.Equal((true, null), (await service.StatusAsync() is var after ? (after.Listening, after.Problem) : default));
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("one", await service.GetFromUnixAsync("s.sock", "/"));
        await service.MustAsync(ServiceAction.Stop);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_service_that_ends_after_its_file_was_deleted_comes_back_with_one()
    {
        var service = new LocalService(_home, "ended",
            "service: {runner: gunicorn, app: 'app:app', listen: ./s.sock, restart: {delay: 100ms}}", ("app.py", RunnerSamples.One));
        var first = await service.MustAsync(ServiceAction.Start);
        File.Delete(Path.Combine(service.Folder, "s.sock"));

        Process.GetProcessById(first.After!.Pid!.Value).Kill();

        await Condition.HoldsAsync(
            async () => await service.StatusAsync() is { State: ServiceState.Running } status && status.Pid != first.After.Pid,
            "it was started again");
        Assert.Equal("one", await service.GetFromUnixAsync("s.sock", "/"));
    }

    [Fact]
    public async Task A_path_that_another_program_has_taken_meanwhile_is_left_to_it()
    {
        var service = new LocalService(_home, "taken", "service: {runner: gunicorn, app: 'app:app', listen: ./s.sock}",
            ("app.py", RunnerSamples.One));
        var file = Path.Combine(service.Folder, "s.sock");
        var first = await service.MustAsync(ServiceAction.Start);
        File.Delete(file);
        using (var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            other.Bind(new UnixDomainSocketEndPoint(file));
            other.Listen();

            Assert.False((await service.StatusAsync()).Listening);
            var refused = await service.OrderAsync(ServiceAction.Restart);
            Assert.Equal((OperationOutcome.Failed, ErrorCode.AddressInUse, first.After!.Pid),
                (refused.Outcome, refused.Error?.Code, refused.After?.Pid));
            await service.OrderAsync(ServiceAction.Stop);
            Assert.True(File.Exists(file));
            Assert.Empty(_home.ProcessesOf("taken"));
        }
    }

    [Theory]
    // What each server makes by itself.
    [InlineData("uwsgi: {http-socket: s.sock, module: 'app:app'}", "USER:USER 755", false)]
    [InlineData("service: {runner: gunicorn, app: 'app:app', listen: ./s.sock}", "USER:USER 777", true)]
    [InlineData("service: {runner: uvicorn, app: 'app:api', listen: ./s.sock}", "USER:USER 666", true)]
    [InlineData(
        "service: {runner: python, command: [server.py, --fd, '{fd}'], ready: {log: ^serving}, environment: {PATH: '/usr/bin:/bin'}, "
            + "listen: ./s.sock}", "USER:USER 755", false)]
    // In the server's own words.
    [InlineData("uwsgi: {http-socket: s.sock, module: 'app:app', chmod-socket: 660, chown-socket: 'USER:OTHER'}", "USER:OTHER 660", true)]
    [InlineData("uwsgi: {http-socket: s.sock, module: 'app:app', chmod-socket: ''}", "USER:USER 666", true)]
    [InlineData("service: {runner: gunicorn, command: [--umask, '007'], app: 'app:app', listen: ./s.sock}", "USER:USER 770", false)]
    // In ours.
    [InlineData("service: {runner: gunicorn, app: 'app:app', listen: {unix: s.sock, mode: '0660', group: OTHER}}", "USER:OTHER 660", true)]
    [InlineData("service: {runner: uvicorn, app: 'app:api', listen: {unix: s.sock, mode: '0600', owner: OTHER}}", "OTHER:USER 600", true)]
    [InlineData(
        "service: {runner: python, command: [server.py, --fd, '{fd}'], ready: {log: ^serving}, environment: {PATH: '/usr/bin:/bin'}, "
            + "listen: {unix: s.sock, mode: 600}}", "USER:USER 600", false)]
    public async Task A_socket_is_its_users_with_the_mode_that_was_asked_for_or_its_server_would_give_it(
        string config, string expected, bool mayConnect)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        using var other = new ThrowawayUser();
        string Filled(string text) =>
            text.Replace("USER", user.Name, StringComparison.Ordinal).Replace("OTHER", other.Name, StringComparison.Ordinal);
        var service = new LocalService(
            _home, "owned",
            config.StartsWith("uwsgi", StringComparison.Ordinal) ? $"{Filled(config)}\nservice: {{user: {user.Name}}}\n" : Filled(config)
                .Replace("service: {", $"service: {{user: {user.Name}, ", StringComparison.Ordinal),
            ("app.py", RunnerSamples.One), ("server.py", RunnerSamples.Server));
        ThrowawayUser.Open(service.Folder);
        user.Own(service.Folder);
        var file = Path.Combine(service.Folder, "s.sock");

        await service.MustAsync(ServiceAction.Start);
        await AssertAccessAsync();
        await service.MustAsync(ServiceAction.Restart);
        await AssertAccessAsync();
        await _home.KillAgentAsync();
        await service.MustAsync(ServiceAction.Restart);
        await AssertAccessAsync();
        File.Delete(file);
        await service.MustAsync(ServiceAction.Restart);
        await AssertAccessAsync();
        await service.MustAsync(ServiceAction.Stop);
        Assert.False(File.Exists(file));

        async Task AssertAccessAsync()
        {
            Assert.Equal(Filled(expected), (await CommandResult.RunAsync("/usr/bin/stat", "-c", "%U:%G %a", file)).Output.Trim());
            var own = await user.RunAsync("curl", "-s", "-m", "60", "--unix-socket", file, "http://localhost/version");
            Assert.Equal(expected.StartsWith("USER", StringComparison.Ordinal) ? "one" : "", own.Output);
            // As a web server in front has it, which runs as somebody else.
            var client = await other.RunAsync("curl", "-s", "-m", "60", "--unix-socket", file, "http://localhost/version");
            Assert.Equal(mayConnect ? "one" : "", client.Output);
        }
    }

    [Fact]
    public async Task Permissions_that_are_edited_are_the_files_after_a_restart_and_the_socket_stays()
    {
        var service = new LocalService(_home, "edited",
            "service: {runner: gunicorn, app: 'app:app', listen: {unix: s.sock, mode: '0600'}}\n", ("app.py", RunnerSamples.One));
        var file = Path.Combine(service.Folder, "s.sock");
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file));

        service.Replace("config.yaml", "0600", "0666");
        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(file));
        Assert.Equal("one", await service.GetFromUnixAsync("s.sock", "/"));
    }

    [Fact]
    public async Task A_user_who_may_not_write_there_gets_no_socket_of_roots()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        var service = new LocalService(_home, "refused", "service: {runner: gunicorn, app: 'app:app', user: nobody, listen: ./s.sock}\n",
            ("app.py", RunnerSamples.One));
        ThrowawayUser.Open(service.Folder);

        var refused = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Contains("s.sock", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(service.Folder, "s.sock")));
    }

    [Fact]
    public async Task Permissions_of_a_socket_that_the_program_makes_itself_are_refused()
    {
        var service = new LocalService(_home, "itself",
            "service: {runner: python, command: [server.py], listen: {unix: s.sock, mode: '0660'}}\n", ("server.py", RunnerSamples.Server));

        var refused = await service.OrderAsync(ServiceAction.Start);

        Assert.Equal((OperationOutcome.Failed, ErrorCode.ConfigInvalid), (refused.Outcome, refused.Error?.Code));
    }
}
