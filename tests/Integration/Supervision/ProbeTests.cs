using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>
/// Pages that are asked for, before a service is ready and while it runs: by name, over TLS, with headers, as their rule says.
/// </summary>
public sealed class ProbeTests : IAsyncDisposable
{
    /// <summary>Minds the Host header as Django does, and speaks TLS where it finds a certificate. Each question is written down.</summary>
    private const string Server = """
        import os, ssl, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                with open('asked', 'a') as asked:
                    asked.write('%s %s %s %s\n' % (self.command, self.path, self.headers.get('Host'), self.headers.get('X-Probe')))
                status = 400 if self.path == '/allowed' and self.headers.get('Host') != 'www.example.com' else \
                         302 if self.path in ('/moved', '/circle') else 405 if self.path == '/only-head' and self.command != 'HEAD' else \
                         503 if self.path == '/sick' else 401 if self.path == '/closed' else 200
                self.send_response(status)
                if status == 302:
                    self.send_header('Location', '/ping' if self.path == '/moved' else '/circle')
                self.send_header('Content-Length', '0')
                self.end_headers()
            do_GET = do_HEAD = do_POST = answer
            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler)
        if os.path.exists('cert.pem'):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain('cert.pem', 'key.pem')
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.serve_forever()
        """;

    private const string Wsgi = """
        def app(environ, start_response):
            start_response('200 OK', [('Content-Length', '2')])
            return [b'ok']
        """;

    private const string Asgi = """
        async def app(scope, receive, send):
            if scope['type'] == 'lifespan':
                while True:
                    message = await receive()
                    await send({'type': message['type'] + '.complete'})
                    if message['type'] == 'lifespan.shutdown':
                        return
            await send({'type': 'http.response.start', 'status': 200, 'headers': []})
            await send({'type': 'http.response.body', 'body': b'ok'})
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("http: 'http://localhost:PORT/ping'", "GET /ping localhost:PORT None")]
    [InlineData("http: /allowed, headers: {Host: www.example.com, X-Probe: seven}", "GET /allowed www.example.com seven")]
    [InlineData("http: 'http://localhost:PORT/only-head', method: head", "HEAD /only-head localhost:PORT None")]
    [InlineData("http: /closed, status: [401]", "GET /closed 127.0.0.1:PORT None")]
    [InlineData("http: /moved", "GET /moved 127.0.0.1:PORT None")]
    [InlineData("http: /moved, redirects: 3", "GET /ping 127.0.0.1:PORT None")]
    public async Task A_page_is_asked_for_as_its_rule_says(string rule, string question)
    {
        var service = Web($"ready: {{{rule}}}, health: {{{rule}, interval: 100ms}}");

        await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is not null, "it was asked");

        var status = await service.StatusAsync();
        Assert.True(status.Health!.Good, status.Health.Words);
        Assert.Contains(question.Replace("PORT", $"{service.Port}", StringComparison.Ordinal),
            File.ReadAllLines(Path.Combine(service.Folder, "asked")));
    }

    [Theory]
    [InlineData("http: 'http://no-such-host.invalid/ping'", "the name no-such-host.invalid can't be resolved")]
    [InlineData("http: /allowed", "answered 400")]
    [InlineData("http: /sick", "answered 503")]
    [InlineData("http: /ping, status: [3xx, 201-204]", "answered 200")]
    [InlineData("http: /circle, redirects: 2", "answered 302")]
    [InlineData("http: 'https://127.0.0.1:PORT/ping'", "failed: ")]
    public async Task A_start_that_is_answered_otherwise_fails_and_says_what_was_answered(string rule, string words)
    {
        var result = await Web($"ready: {{{rule}, timeout: 1s}}").OrderAsync(ServiceAction.Start);

        Assert.Equal(ErrorCode.NotReady, result.Error?.Code);
        Assert.Contains(words, result.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http: 'https://localhost:PORT/ping', ca: ca.pem", null)]
    [InlineData("http: 'https://127.0.0.1:PORT/ping', ca: ca.pem", null)]
    [InlineData("http: 'https://127.0.0.1:PORT/ping', ca: ca.pem, headers: {Host: localhost}", null)]
    [InlineData("http: 'https://127.0.0.1:PORT/ping', verify: false, headers: {Host: elsewhere.example}", null)]
    [InlineData("http: 'https://127.0.0.1:PORT/ping', ca: ca.pem, headers: {Host: elsewhere.example}", "RemoteCertificateNameMismatch")]
    [InlineData("http: 'https://localhost:PORT/ping'", "'ca' names the authority")]
    [InlineData("http: 'https://localhost:PORT/ping', ca: key.pem", "holds no certificate")]
    [InlineData("http: 'http://localhost:PORT/ping'", "failed: ")]
    public async Task Https_is_spoken_as_TLS_and_its_certificate_judged(string rule, string? words)
    {
        var service = Web(
            $"ready: {{{rule}, timeout: {(words is null ? "60s" : "1s")}}}, health: {{{rule}, interval: 100ms, failures: 2}}");
        TlsFiles.Write(service.Folder, "localhost");

        var result = await service.OrderAsync(ServiceAction.Start);

        if (words is not null)
        {
            Assert.Contains(words, result.Message, StringComparison.Ordinal);
            return;
        }

        Assert.True(result.Outcome == OperationOutcome.Done, result.Message);
        var first = await service.StatusAsync();
        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Health is { Good: true } health
                && health.At > first.StartedAt + TimeSpan.FromSeconds(1), "it is found well");
        Assert.Equal((first.Pid, 0), ((await service.StatusAsync()).Pid, (await service.StatusAsync()).Restarts));
    }

    [Theory]
    [InlineData("gunicorn", "command: [--certfile, cert.pem, --keyfile, key.pem]")]
    [InlineData("gunicorn", "command: [--certfile, cert.pem, --keyfile, key.pem], socket: own")]
    [InlineData("uvicorn", "command: [--ssl-certfile, cert.pem, --ssl-keyfile, key.pem]")]
    public async Task A_server_that_speaks_TLS_is_asked_itself_before_it_is_ready_and_restarted_when_it_is(string runner, string words)
    {
        const string Rule = "http: 'https://localhost:PORT/', ca: ca.pem";
        var service = new LocalService(
            _home, runner,
            $"service: {{runner: {runner}, app: 'app:app', listen: '127.0.0.1:PORT', {words}, ready: {{{Rule}}}, health: {{{Rule}, "
                + $"interval: 200ms}}}}\n",
            ("app.py", runner == "uvicorn" ? Asgi : Wsgi));
        TlsFiles.Write(service.Folder, "localhost");
        var first = await service.MustAsync(ServiceAction.Start);

        service.Replace("app.py", "def app", "raise RuntimeError('broken')\ndef app");
        var broken = await service.OrderAsync(ServiceAction.Restart);
        service.Replace("app.py", "raise RuntimeError('broken')\n", "");
        var second = await service.MustAsync(ServiceAction.Restart);

        Assert.Equal(OperationOutcome.Failed, broken.Outcome);
        Assert.NotEqual(first.After!.Pid, second.After!.Pid);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is { Good: true }, "it is found well");
    }

    [Fact]
    public async Task A_uwsgi_service_whose_socket_speaks_no_HTTP_is_not_restarted_for_that()
    {
        var service = new FlaskService(_home, "spoken", more: "service: {health: {interval: 100ms, failures: 2}}");
        service.Replace("config.yaml", "http-socket:", "socket:");
        var started = await service.MustAsync(ServiceAction.Start);

        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Health is { } health
                && health.At > started.After!.StartedAt + TimeSpan.FromSeconds(2), "it was asked often");

        var status = await service.StatusAsync();
        Assert.True(status.Health!.Good, status.Health.Words);
        Assert.Equal((started.After!.Pid, 0), (status.Pid, status.Restarts));
    }

    [Theory]
    [InlineData("listen: ':8001', ready: {http: 'ftp://localhost/'}", "a path such as")]
    [InlineData("listen: ':8001', ready: {http: 'https:/ping'}", "a path such as")]
    [InlineData("listen: ':8001', ready: {http: 'http://me:hunter2@localhost/'}", "go into its headers")]
    [InlineData("listen: ':8001', health: {http: /ping, status: [600]}", "HTTP status")]
    [InlineData("listen: ':8001', health: {http: /ping, status: [299-200]}", "HTTP status")]
    [InlineData("listen: ':8001', health: {http: /ping, method: PUT}", "`GET`")]
    [InlineData("listen: ':8001', health: {http: /ping, ca: nowhere.pem}", "nowhere.pem does not exist")]
    [InlineData("listen: ':8001', health: {http: /ping, ca: config.yaml, verify: false}", "counts for nothing")]
    [InlineData("listen: ':8001', health: {http: /ping, headers: {'a b': c}}", "can't be a header")]
    [InlineData("listen: ':8001', ready: {log: up, headers: {Host: a}}", "no page is asked for")]
    [InlineData("ready: {http: /ping}", "has nobody to ask")]
    [InlineData("health: {interval: 1s}", "has nobody to ask")]
    public async Task Config_check_finds_what_can_not_be_meant(string words, string fault)
    {
        var service = new LocalService(_home, "wrong", $"service: {{runner: command, command: [x], {words}}}\n");

        var check = await _home.RunAsync(service.Folder, "config", "check");

        Assert.True(check.Code == 1, check.Output);
        Assert.Contains(fault, check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", check.Output, StringComparison.Ordinal);
    }

    private LocalService Web(string words) => new(
        _home, "web", $"service: {{runner: python, command: [server.py, 'PORT'], listen: '127.0.0.1:PORT', {words}}}\n",
        ("server.py", Server));
}
