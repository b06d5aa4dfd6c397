using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>Services in two releases under each runner, and the order that switches between them.</summary>
internal static class ReleasedSamples
{
    public static ReleasedService Of(Home home, string runner, string socket = "pass")
    {
        var service = new ReleasedService(home, "released", runner switch
        {
            "uwsgi" => $$"""
                service: {socket: {{socket}}, ready: {http: /} }
                uwsgi: {processes: 2, module: app, callable: app, http-socket: "127.0.0.1:PORT"{{Stats(socket)}}}
                """,
            "gunicorn" => $"service: {{socket: {socket}, runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', ready: {{http: /}}}}",
            "uvicorn" => "service: {runner: uvicorn, app: 'app:api', listen: '127.0.0.1:PORT', ready: {http: /}}",
            _ => socket == "own"
                ? "service: {runner: command, command: [/usr/bin/python3, server.py, PORT], listen: '127.0.0.1:PORT', ready: {http: /}}"
                : """
                    service:
                      {runner: command, command: [/usr/bin/python3, server.py, fd, '{fd}'], listen: '127.0.0.1:PORT', ready: {http: /}}
                    """,
        }, App);
        foreach (var number in (int[])[1, 2])
            File.WriteAllText(Path.Combine(service.ReleaseFolder(number), "server.py"),
                Server.Replace("RELEASE", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return service;
    }

    /// <summary>A stats server that two generations can't have hinders them from overlapping.</summary>
    private static string Stats(string socket) => socket == "own" ? $", stats: '127.0.0.1:{LocalService.FreePort()}'" : "";

    private const string App = """
        def app(environ, start_response):
            body = b'vRELEASE'
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]

        async def api(scope, receive, send):
            while scope['type'] == 'lifespan':
                message = await receive()
                await send({'type': message['type'] + '.complete'})
                if message['type'].endswith('shutdown'):
                    return
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', b'2')]})
            await send({'type': 'http.response.body', 'body': b'vRELEASE'})
        """;

    private const string Server = """
        import os, signal, socket, sys, threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header('Content-Length', '2')
                self.end_headers()
                self.wfile.write(b'vRELEASE')
            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            request_queue_size = 1024
            allow_reuse_address = True

        if sys.argv[1] == 'fd':
            server = Server(('127.0.0.1', 0), Handler, bind_and_activate=False)
            server.socket = socket.socket(fileno=int(sys.argv[2]))
            server.server_address = server.socket.getsockname()
        else:
            server = Server(('127.0.0.1', int(sys.argv[1])), Handler)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        # hold
        server.serve_forever()
        server.server_close()
        """;

    public static Task<OperationResult> SwitchAsync(
        Home home, ReleasedService service, int number, ReleaseChecks? checks = null, Action<string>? step = null, string? called = null) =>
        home.Client.Services.SwitchReleaseAsync(
            new ReleaseSwitchRequest
            {
                Service = called ?? service.Name,
                Release = service.ReleaseFolder(number),
                Link = service.Folder,
                Checks = checks,
            },
            new Steps(step ?? (_ => { })), CancellationToken.None);

    public static async Task ServesOnlyAsync(LocalService service, string version)
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(version, await service.GetAsync("/"));
    }

    private sealed class Steps(Action<string> take) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => take(value.Step);
    }
}
