using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Checks;

/// <summary>Services that speak TLS under real servers, and who asks them beside probes.</summary>
public sealed class TlsServiceTests : IAsyncDisposable
{
    private const string Answers = """
        import json
        def answer(path, body):
            if path == '/internal/metrics':
                return b'orders_total 3\n'
            if path == '/receive_module_addresses':
                with open('addresses', 'ab') as known:
                    known.write(body)
                return b''
            return json.dumps({'jsonrpc': '2.0', 'id': json.loads(body or b'{}').get('id'), 'result': 'pong'}).encode()

        """;

    private const string Wsgi = Answers + """
        def app(environ, start_response):
            body = answer(environ['PATH_INFO'], environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0)))
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        """;

    private const string Asgi = Answers + """
        async def app(scope, receive, send):
            if scope['type'] == 'lifespan':
                while True:
                    message = await receive()
                    await send({'type': message['type'] + '.complete'})
                    if message['type'] == 'lifespan.shutdown':
                        return
            asked = b''
            while True:
                message = await receive()
                asked += message.get('body', b'')
                if not message.get('more_body'):
                    break
            body = answer(scope['path'], asked)
            await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', str(len(body)).encode())]})
            await send({'type': 'http.response.body', 'body': body})
        """;

    private readonly Home _home = new();
    private readonly FakeConsul _consul = new();

    public static TheoryData<string> Servers =>
    [
        "runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', command: [--certfile, cert.pem, --keyfile, key.pem]",
        "runner: gunicorn, app: 'app:app', listen: '127.0.0.1:PORT', command: [--config, tls.py]",
        "runner: uvicorn, app: 'app:app', listen: '127.0.0.1:PORT', command: [--ssl-certfile, cert.pem, --ssl-keyfile, key.pem]",
        "uwsgi: {https: '127.0.0.1:PORT,cert.pem,key.pem', module: 'app:app', processes: 1}",
    ];

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        await _consul.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Tests_scrapes_and_Consuls_check_speak_TLS_and_judge_the_certificate_as_the_health_page_does(string server)
    {
        const string Page = "{http: 'https://localhost:PORT/ping', ca: ca.pem}";
        var (service, infra) = Service(server, $"ready: {Page}, health: {Page}");

        await service.MustAsync(ServiceAction.Start);
        await SetBillingAsync();
        var tests = await _home.RunAsync(service.Folder, "tests");
        var figures = await FiguresAsync(infra);

        Assert.True(tests.Code == 0, tests.ToString());
        Assert.Contains("servicectl_scrape_up{service=\"tls\"} 1\n", figures, StringComparison.Ordinal);
        Assert.Contains("py_orders_total 3\n", figures, StringComparison.Ordinal);
        var check = _consul.Service("tls-1")!["Check"]!;
        Assert.Equal($"https://127.0.0.1:{service.Port}/ping", check["HTTP"]!.GetValue<string>());
        Assert.Equal("localhost", check["TLSServerName"]!.GetValue<string>());
        Assert.Null(check["TLSSkipVerify"]);
        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Modules[0] is { IsDelivered: true, Problem: null }, "it took them");
        Assert.Contains("10.0.0.7:80", File.ReadAllText(Path.Combine(service.Folder, "addresses")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http: /ping, verify: false", true)]
    [InlineData("http: /ping, ca: ca.pem", true)]
    [InlineData("http: /ping", false)]
    public async Task A_path_is_asked_over_TLS_as_well(string page, bool isTrusted)
    {
        var (service, _) = Service(
            Servers.First().Data, $"ready: {{http: /ping, verify: false}}, health: {{{page}, interval: 100ms, failures: 1000}}");

        await service.MustAsync(ServiceAction.Start);
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is not null, "it was asked");
        var tests = await _home.RunAsync(service.Folder, "tests");

        var health = (await service.StatusAsync()).Health!;
        Assert.Equal(isTrusted, health.Good);
        Assert.Contains($"https://127.0.0.1:{service.Port}/ping", health.Words, StringComparison.Ordinal);
        Assert.Equal(isTrusted ? 0 : 1, tests.Code);
        Assert.Equal(!isTrusted, tests.Output.Contains("'ca' names the authority", StringComparison.Ordinal));
        Assert.Equal(page.Contains("verify", StringComparison.Ordinal) ? true : null,
            _consul.Service("tls-1")!["Check"]!["TLSSkipVerify"]?.GetValue<bool>());
        await SetBillingAsync();
        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()).Modules[0] is { IsDelivered: true } or { Problem: not null }, "it was posted");
        var module = (await service.StatusAsync()).Modules[0];
        Assert.Equal(isTrusted, module.IsDelivered);
        Assert.Equal(!isTrusted, module.Problem?.Contains("'ca' names the authority", StringComparison.Ordinal) == true);
    }

    private (LocalService Service, int Infra) Service(string server, string pages)
    {
        var infra = LocalService.FreePort();
        var words = $"{pages}, infra: {{listen: '127.0.0.1:{infra}'}}";
        var service = new LocalService(
            _home, "tls",
            server.StartsWith("uwsgi", StringComparison.Ordinal)
                ? $"{server}\nservice: {{{words}}}\n" : $"service: {{{server}, {words}}}\n",
            ("app.py", server.Contains("uvicorn", StringComparison.Ordinal) ? Asgi : Wsgi),
            ("tls.py", "certfile = 'cert.pem'\nkeyfile = 'key.pem'\n"),
            ("tests.yaml", "integration: [{name: answers, request: {method: ping}, expected: {result: pong}, critical: true}]\n"));
        File.AppendAllText(
            service.Config, $"SERVICE_ID: tls-1\nCONSUL_REG: 1\nCONSUL_ADDRESS: 127.0.0.1\nCONSUL_PORT: {_consul.HttpPort}\n");
        TlsFiles.Write(service.Folder, "localhost");
        return (service, infra);
    }

    private Task<PyServiceModuleAddress> SetBillingAsync() =>
        _home.Client.Modules.SetAddressAsync("tls", "billing", ["10.0.0.7:80"], CancellationToken.None);

    private static async Task<string> FiguresAsync(int port)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/internal/metrics"));
    }
}
