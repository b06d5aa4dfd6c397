using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>
/// A service that has moved its listening socket, and put another one, of a port of its own, where the agent passed it. Then the agent
/// dies. Whatever the next one finds under the old number, it takes on the service, and restarts it without an interruption.
/// </summary>
public sealed class DescriptorTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>Puts a listening socket of its own on descriptor 3, and where the passed one is; returns where that is now.</summary>
    private const string Decoy = """
        import fcntl, os, socket
        def deceive(passed=3):
            moved = fcntl.fcntl(passed, fcntl.F_DUPFD_CLOEXEC, 20)
            decoy = socket.create_server(('127.0.0.1', 0))
            for number in (3, passed):
                os.dup2(decoy.fileno(), number, inheritable=True)
            open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'deceived'), 'w').close()
            return moved
        """;

    /// <summary>In the master alone: the workers, which have been forked by then, go on with the real one.</summary>
    private const string Uwsgi = Decoy + """

        import threading, time
        def wait_for_the_fork(master=os.getpid()):
            time.sleep(0.5)
            if os.getpid() == master:
                deceive()
        threading.Thread(target=wait_for_the_fork, daemon=True).start()
        def app(environ, start_response):
            start_response('200 OK', [])
            return [b'one']
        """;

    private const string Gunicorn = Decoy + """

        def when_ready(server):
            for listener in server.LISTENERS:
                if listener.sock.family == socket.AF_INET:
                    listener.sock = socket.socket(fileno=deceive(listener.sock.detach()))
        """;

    private const string Wsgi = """
        def app(environ, start_response):
            start_response('200 OK', [])
            return [b'one']
        """;

    /// <summary>uvicorn has made a copy of the socket when the first request comes.</summary>
    private const string Asgi = Decoy + """

        async def app(scope, receive, send):
            while scope['type'] == 'lifespan':
                message = await receive()
                await send({'type': message['type'] + '.complete'})
                if message['type'] == 'lifespan.shutdown':
                    return
            if not os.path.exists('deceived'):
                deceive()
            await send({'type': 'http.response.start', 'status': 200, 'headers': []})
            await send({'type': 'http.response.body', 'body': b'one'})
        """;

    private const string Program = Decoy + """

        import http.server, signal, sys, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'one')
        moved = deceive()
        if 'helper' in sys.argv:
            # The one who was launched has it no more, under any number.
            if os.fork():
                os.close(moved)
                signal.signal(signal.SIGTERM, lambda *_: (os.killpg(0, signal.SIGKILL)))
                while True:
                    signal.pause()
        server = http.server.HTTPServer(('', 0), Handler, bind_and_activate=False)
        server.socket = socket.socket(fileno=moved)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever()
        """;

    /// <summary>Stands in for uv, which keeps Python as its child and passes on what it has open.</summary>
    private const string Uv = """
        #!/usr/bin/python3
        import signal, subprocess, sys
        child = subprocess.Popen(['/usr/bin/python3', *sys.argv[2:]], close_fds=False)
        signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
        sys.exit(child.wait())
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uwsgi")]
    [InlineData("gunicorn")]
    [InlineData("uvicorn")]
    [InlineData("python")]
    [InlineData("command")]
    [InlineData("helper")]
    [InlineData("uv")]
    [InlineData("uv child")]
    public async Task A_service_that_has_another_socket_on_its_descriptor_is_not_lost_with_the_agent(string runner)
    {
        var service = Service(runner);
        var started = await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(() => File.Exists(Path.Combine(service.Folder, "deceived")), "the descriptor is another socket's");

        await _home.KillAgentAsync();
        var status = await service.StatusAsync();

        Assert.Equal((ServiceState.Running, started.After!.Pid, 1), (status.State, status.Pid, status.Generation));
        Assert.Equal(true, status.Listening);
        Assert.Equal("one", await service.GetAsync("/"));
        await using var load = new Load(service.Port, clients: 2);
        await load.ReachAsync(20);
        var restart = await service.MustAsync(ServiceAction.Restart);
        await load.ReachAsync(load.Succeeded + 20);
        Assert.True(load.Failed == 0, $"{load.Failed} requests failed: {load.FirstFailure}");
        Assert.NotEqual(started.After.Pid, restart.After!.Pid);
        Assert.DoesNotContain(_home.ProcessesOf("decoy"), process => process.Generation == 1);
        await service.MustAsync(ServiceAction.Stop);
        Assert.Empty(_home.ProcessesOf("decoy"));
    }

    private LocalService Service(string runner)
    {
        var launch = runner switch
        {
            "gunicorn" => "runner: gunicorn, app: 'wsgi:app', listen: 127.0.0.1:PORT",
            "uvicorn" => "runner: uvicorn, app: 'asgi:app', listen: 127.0.0.1:PORT",
            "python" => "runner: python, command: [program.py], socket: pass, listen: 127.0.0.1:PORT",
            "command" => "runner: command, command: [/usr/bin/python3, program.py], socket: pass, listen: 127.0.0.1:PORT",
            "helper" => "runner: command, command: [/usr/bin/python3, program.py, helper], socket: pass, listen: 127.0.0.1:PORT",
            "uv" or "uv child" =>
                "runner: uv, command: [program.py], socket: pass, listen: 127.0.0.1:PORT, environment: {PATH: 'BIN:/usr/bin:/bin'}",
            _ => "runner: uwsgi",
        };
        var uwsgi = runner == "uwsgi" ? "uwsgi: {http-socket: '127.0.0.1:PORT', module: 'uwsgi_app:app', threads: 2, processes: 2}\n" : "";
        var service = new LocalService(
            _home, "decoy", $"{uwsgi}service: {{{launch}, user: {attackers.Owner.Name}, ready: {{http: /}}}}\n",
            ("uwsgi_app.py", Uwsgi), ("wsgi.py", Wsgi), ("gunicorn.conf.py", Gunicorn), ("asgi.py", Asgi), ("program.py", Program),
            ("bin/uv", runner == "uv" ? KitProject.Uv : Uv));
        if (launch.Contains("BIN", StringComparison.Ordinal))
            service.Replace("config.yaml", "BIN", Path.Combine(service.Folder, "bin"));
        ThrowawayUser.Open(service.Folder);
        attackers.Owner.Own(service.Folder);
        return service;
    }
}
