using System.Text.Json.Nodes;

namespace ServiceCtl.Tests.Security;

/// <summary>The sandbox of a user's own agent, which may have no mounts of its own: by Landlock.</summary>
public sealed class LandlockTests : IAsyncDisposable
{
    private const string Program = """
        import http.server, json, os, socket
        def reads(path):
            try:
                return open(path).read()
            except OSError as error:
                return error.strerror
        def names(folder):
            try:
                return len(os.listdir(folder))
            except OSError as error:
                return error.strerror
        def writes(path):
            try:
                open(path, 'w').close()
                os.remove(path)
                return True
            except OSError as error:
                return error.strerror
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                home = os.path.dirname(os.getcwd())
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({
                    'secret': reads(home + '/secret'), 'home': names(home), 'homes': names('/home'), 'code': reads('program.py')[:6],
                    'here': writes('new'), 'program': writes('program.py'), 'log': writes('log/new'), 'etc': reads('/etc/hostname') != '',
                    'tmp': writes('/tmp/' + os.path.basename(home))}).encode())
        server = http.server.HTTPServer(('', 0), Handler, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        server.serve_forever()
        """;

    private readonly Home _home = new();
    private readonly string _folder = $"/home/sc-{Guid.NewGuid():N}";

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task A_user_s_own_agent_closes_homes_and_folders_to_a_service()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start programs as somebody else");
        using var user = new ThrowawayUser();
        var command = _home.CopyOfExecutable();
        ThrowawayUser.Open(Path.GetDirectoryName(command)!);
        var (app, state) = (Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName, Path.Combine(_folder, ".state"));
        Directory.CreateDirectory(Path.Combine(app, "log"));
        Directory.CreateDirectory(state);
        File.WriteAllText(Path.Combine(_folder, "secret"), "of the user's");
        File.WriteAllText(Path.Combine(app, "program.py"), Program);
        var port = LocalService.FreePort();
        File.WriteAllText(
            Path.Combine(app, "config.yaml"),
            "SERVICE_NAME: boxed\ndirectories_to_create: [log]\nservice: {runner: command, command: [/usr/bin/python3, program.py], "
                + $"socket: pass, listen: '127.0.0.1:{port}', ready: {{http: /}}, sandbox: {{protect_home: true, read_only: [.], "
                + "private_tmp: true}}\n");
        user.Own(_folder);
        Task<CommandResult> RunAsync(params string[] words) =>
            user.RunAsync(["/usr/bin/env", $"SERVICECTL_HOME={state}", "DOTNET_CLI_HOME=/tmp", command, .. words]);
        try
        {
            Assert.Equal(0, (await RunAsync("register", app)).Code);
            var started = await RunAsync("start", "boxed");
            Assert.True(started.Code == 0, started.ToString());
            var status = await RunAsync("status", "boxed");
            Assert.SkipWhen(status.Output.Contains("no Landlock", StringComparison.Ordinal)
                || status.Output.Contains("Landlock is switched off", StringComparison.Ordinal), "this kernel has no Landlock");
            Assert.Contains("protect_home yes: Landlock", status.Output, StringComparison.Ordinal);
            Assert.Contains("read_only", status.Output, StringComparison.Ordinal);
            await AssertClosedAsync(port);

            Assert.Equal(0, (await RunAsync("restart", "boxed")).Code);
            await AssertClosedAsync(port);
            var looked = await RunAsync("exec", "boxed", "--", "/bin/cat", Path.Combine(_folder, "secret"));
            Assert.NotEqual(0, looked.Code);
            Assert.DoesNotContain("of the user's", looked.Output, StringComparison.Ordinal);
            Assert.Equal(0, (await RunAsync("agent", "stop", "--keep-services")).Code);
            Assert.Contains("protect_home yes: Landlock", (await RunAsync("status", "boxed")).Output, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync("agent", "stop", "--force");
        }
    }

    private static async Task AssertClosedAsync(int port)
    {
        using var http = new HttpClient();
        var seen = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")))!;

        Assert.Equal(
            ["secret: Permission denied", "home: Permission denied", "homes: Permission denied", "code: import", "here: Permission denied",
                "program: Permission denied", "log: true", "etc: true", "tmp: true"],
            seen.AsObject().Select(pair => $"{pair.Key}: {pair.Value}"));
    }
}
