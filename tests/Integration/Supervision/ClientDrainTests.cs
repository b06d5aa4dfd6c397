using System.Net;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>What a generation owes its clients when another one takes its place, and when it is to end for good.</summary>
public sealed class ClientDrainTests : IAsyncDisposable
{
    /// <summary>A program that dies of SIGTERM at once, as most do that nobody has told otherwise.</summary>
    private const string Simple = """
        import os, sys, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_GET(self):
                while self.path.startswith('/until/') and not os.path.exists(self.path[7:]):
                    time.sleep(0.01)
                self.send_response(200)
                self.send_header('Content-Length', '3')
                self.end_headers()
                self.wfile.write(b'one')
            def log_message(self, *args):
                pass
        server = ThreadingHTTPServer(('127.0.0.1', 0), Handler, bind_and_activate=False)
        server.socket.close()
        import socket
        server.socket = socket.socket(fileno=int(sys.argv[1]))
        server.serve_forever()
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("uvicorn", "")]
    [InlineData("uvicorn", "GET /version HTTP/1.0\r\n")]
    [InlineData("gunicorn", "GET /version HTTP/1.0\r\n")]
    public async Task A_connection_that_has_sent_half_a_question_or_nothing_yet_is_answered_behind_a_restart(string runner, string begun)
    {
        var service = Served.By(runner, _home);
        await service.MustAsync(ServiceAction.Start);
        using var client = await ConnectAsync(service, begun);
        service.Replace("app.py", "VERSION = 'one'", "VERSION = 'two'");

        var restart = service.MustAsync(ServiceAction.Restart);
        await Condition.HoldsAsync(async () => await service.GetAsync("/version") == "two", "new code serves");
        await Task.Delay(1500);
        Assert.False(restart.IsCompleted);
        var answer = await AskAsync(client, begun.Length == 0 ? "GET /version HTTP/1.0\r\n\r\n" : "\r\n");

        Assert.EndsWith("one", answer, StringComparison.Ordinal);
        Assert.Empty((await restart).Warnings);
    }

    [Theory]
    [InlineData("uvicorn")]
    [InlineData("python")]
    public async Task An_idle_connection_does_not_hold_a_restart_up(string runner)
    {
        var service = Served.By(runner, _home, "service.stop.timeout: 10m");
        await service.MustAsync(ServiceAction.Start);
        using var client = await ConnectAsync(service, "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await ReadAsync(client, "one");

        // Long before the drain's time is over.
        await service.MustAsync(ServiceAction.Restart);
    }

    [Theory]
    [InlineData(ServiceAction.Restart)]
    [InlineData(ServiceAction.Stop)]
    public async Task A_program_that_dies_of_the_signal_gets_it_when_its_requests_are_done(ServiceAction action)
    {
        var service = Program("simple");
        await service.MustAsync(ServiceAction.Start);
        using var client = await ConnectAsync(service, "GET /until/now HTTP/1.0\r\n\r\n");
        await Task.Delay(300);

        var order = service.MustAsync(action);
        await Task.Delay(1500);
        Assert.False(order.IsCompleted);
        File.WriteAllText(Path.Combine(service.Folder, "now"), "");

        Assert.EndsWith("one", await AskAsync(client, ""), StringComparison.Ordinal);
        Assert.Empty((await order).Warnings);
    }

    [Fact]
    public async Task A_request_without_an_end_is_cut_when_the_time_is_over_and_that_is_told()
    {
        var service = Program("endless", "stop: {timeout: 2s}");
        await service.MustAsync(ServiceAction.Start);
        using var client = await ConnectAsync(service, "GET /until/never HTTP/1.0\r\n\r\n");
        await Task.Delay(300);

        var result = await service.MustAsync(ServiceAction.Restart);

        Assert.Contains("1 open request still after 2 s", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServiceAction.Restart)]
    [InlineData(ServiceAction.Stop)]
    public async Task Exit_handlers_run(ServiceAction action)
    {
        var service = new FlaskService(_home, "tidy",
            app: $"import atexit\natexit.register(lambda: open('goodbye', 'a').write('x'))\n{FlaskService.App}", uwsgi: "lazy-apps: true");
        await service.MustAsync(ServiceAction.Start);

        var result = await service.MustAsync(action);

        Assert.Empty(result.Warnings);
        Assert.Equal("xx", File.ReadAllText(Path.Combine(service.Folder, "goodbye")));
    }

    private LocalService Program(string name, string words = "restart: {delay: 100ms}") => new(
        _home, name, $$"""service: {runner: python, command: [server.py, "{fd}"], listen: "127.0.0.1:PORT", {{words}} }""",
        ("server.py", Simple));

    private static async Task<TcpClient> ConnectAsync(LocalService service, string words)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, service.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(words));
        // Until a worker has it.
        await Task.Delay(300);
        return client;
    }

    private static async Task<string> AskAsync(TcpClient client, string words)
    {
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(words));
        using var limit = Patience.Begin();
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(limit.Token);
    }

    private static async Task ReadAsync(TcpClient client, string end)
    {
        var buffer = new byte[4096];
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            var length = await client.GetStream().ReadAsync(buffer);
            Assert.NotEqual(0, length);
            text += Encoding.ASCII.GetString(buffer, 0, length);
        }
    }
}
