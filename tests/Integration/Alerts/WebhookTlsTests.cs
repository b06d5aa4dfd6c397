using System.Diagnostics;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Alerts;

/// <summary>A webhook with a certificate that this host has no reason to trust.</summary>
public sealed class WebhookTlsTests : IAsyncDisposable
{
    private const string Receiver = """
        import http.server, ssl, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                with open("taken", "ab") as file:
                    file.write(self.rfile.read(int(self.headers["Content-Length"])) + b"\n")
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("ready", flush=True)
        server.serve_forever()
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Nothing_is_sent_to_an_unknown_authority_and_everything_once_the_agent_knows_it()
    {
        var (folder, port) = (_home.Folder("receiver"), LocalService.FreePort());
        var taken = Path.Combine(folder, "taken");
        TlsFiles.Write(folder, "localhost");
        using var receiver = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Receiver, $"{port}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("ready", await receiver.StandardOutput.ReadLineAsync());
            var web = new LocalService(
                _home, "web",
                $$"""
                SERVICE_NAME: web
                service: {runner: command, command: [./run.sh], ready: {delay: 10ms}, restart: {delay: 100ms} }
                alerts: {webhook: {critical: {url: "https://localhost:{{port}}/alerts"} } }
                """,
                ("run.sh", "#!/bin/sh\nwhile [ ! -e die ]; do sleep 0.1; done\nrm die\nexit 3\n"));
            await web.MustAsync(ServiceAction.Start);

            var tried = await _home.RunAsync("/", "alerts", "test", "web");
            await File.WriteAllTextAsync(Path.Combine(web.Folder, "die"), "");
            await Condition.HoldsAsync(
                async () => await AlertAsync() is { Waiting: 2, LastError: not null, NextTry: not null }, "it waits");

            Assert.Equal(1, tried.Code);
            Assert.Contains("not delivered, this host does not know the authority of the receiver's certificate", tried.Output,
                StringComparison.Ordinal);
            Assert.Contains("SSL_CERT_FILE", (await AlertAsync()).LastError, StringComparison.Ordinal);
            Assert.False(File.Exists(taken));

            await _home.KillAgentAsync();
            using var agent = await _home.RunAgentAsync(
                new Dictionary<string, string> { ["SSL_CERT_FILE"] = Path.Combine(folder, "ca.pem") });
            await Condition.HoldsAsync(async () => await AlertAsync() is { Waiting: 0, LastError: null, Sent: 2 }, "both are sent");
            Assert.Equal(["down", "back"], (await File.ReadAllLinesAsync(taken)).Select(line =>
                JsonSerializer.Deserialize<JsonElement>(line).GetProperty("news").GetString()));
        }
        finally
        {
            receiver.Kill();
            await receiver.WaitForExitAsync();
        }
    }

    private async Task<PyServiceAlert> AlertAsync() => Assert.Single(await _home.Client.Alerts.GetAsync(["web"], default));
}
