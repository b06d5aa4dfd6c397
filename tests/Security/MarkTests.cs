using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// Processes of a service are known by a mark in their environment, and everybody can start a program with the same. Of a stranger, root's
/// agent believes it in nothing.
/// </summary>
public sealed class MarkTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>The one who was launched has no socket, its child has it.</summary>
    private const string Program = """
        import http.server, os, signal, socket
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'one')
        if os.fork():
            os.close(3)
            signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
            while True:
                signal.pause()
        server = http.server.HTTPServer(('', 0), Handler, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        server.serve_forever()
        """;

    /// <summary>Listens on an address of this host, in a network of its own.</summary>
    private const string Decoy = """
        import fcntl, os, socket, struct, sys, time
        up = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        fcntl.ioctl(up, 0x8914, struct.pack('16sH14x', b'lo', 1 | 64))
        decoy = socket.create_server(('127.0.0.1', int(sys.argv[1])))
        print('listening', flush=True)
        time.sleep(100000)
        """;

    private readonly Home _home = new();
    private readonly List<Process> _strangers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var stranger in _strangers)
        {
            stranger.Kill(entireProcessTree: true);
            await stranger.WaitForExitAsync();
            stranger.Dispose();
        }

        await _home.DisposeAsync();
    }

    [Fact]
    public async Task Processes_of_a_stranger_are_neither_counted_nor_ended_and_set_no_number()
    {
        var service = Service("service: {runner: command, command: [sleep, '100000'], user: USER}\n");
        var started = await service.MustAsync(ServiceAction.Start);
        var same = Pretend(1, "/bin/sleep", "100000");
        var last = Pretend(int.MaxValue, "/bin/sleep", "100000");
        await Condition.HoldsAsync(
            () => _home.ProcessesOf(service.Name).Select(process => process.Generation).Order().SequenceEqual([1, 1, int.MaxValue]),
            "all carry the mark");

        Assert.Equal(1, (await service.StatusAsync()).ProcessCount);
        await _home.KillAgentAsync();
        Assert.Equal(started.After!.Pid, (await service.StatusAsync()).Pid);
        Assert.Equal(2, (await service.MustAsync(ServiceAction.Restart)).After!.Generation);
        await service.MustAsync(ServiceAction.Stop);

        Assert.False(same.HasExited);
        Assert.False(last.HasExited);
    }

    [Fact]
    public async Task The_service_itself_does_not_come_to_the_end_of_all_numbers()
    {
        var service = Service(
            "service: {runner: command, command: [/bin/sh, -c, 'SERVICECTL_GENERATION=${SERVICECTL_GENERATION%:*}:2147483647 setsid sleep "
                + "100000 & exec sleep 100001'], user: USER}\n");
        await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(
            () => _home.ProcessesOf(service.Name).Any(process => process.Generation == int.MaxValue), "it has renamed itself");

        await _home.KillAgentAsync();
        await service.StatusAsync();

        Assert.InRange((await service.MustAsync(ServiceAction.Restart)).After!.Generation, 2, 1_000_000_001);
    }

    [Fact]
    public async Task A_socket_of_a_stranger_is_not_taken_for_the_service_s()
    {
        var service = Service(
            "service: {runner: command, command: [/usr/bin/python3, program.py], socket: pass, listen: 127.0.0.1:PORT, user: USER, ready: "
                + "{http: /}}\n");
        // The older of two who are alike is asked first.
        var decoy = Pretend(
            1, "/usr/bin/unshare", "--user", "--map-root-user", "--net", "--", "/usr/bin/python3", "-c", Decoy, $"{service.Port}");
        Assert.SkipUnless(await decoy.StandardOutput.ReadLineAsync() == "listening", "this kernel lets no user have a network");
        await service.MustAsync(ServiceAction.Start);

        await _home.KillAgentAsync();
        await service.StatusAsync();

        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(20);
        await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 20);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        Assert.False(decoy.HasExited);
    }

    private LocalService Service(string config)
    {
        var service = new LocalService(
            _home, "marked", config.Replace("USER", attackers.Owner.Name, StringComparison.Ordinal), ("program.py", Program));
        ThrowawayUser.Open(service.Folder);
        attackers.Owner.Own(service.Folder);
        return service;
    }

    /// <summary>Starts a program of the stranger's with the mark of a generation.</summary>
    private Process Pretend(int generation, params string[] command)
    {
        var stranger = attackers.Stranger;
        var start = new ProcessStartInfo(
            "/usr/bin/setpriv", ["--reuid", stranger.Name, "--regid", stranger.Name, "--init-groups", "--", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[ScopeMarker.GenerationVariable] =
            new ScopeMarker(ScopeMarker.HomeOf(_home.Paths.Home), "marked", generation).ToString();
        _strangers.Add(Process.Start(start)!);
        return _strangers[^1];
    }
}
