using System.Globalization;
using System.Text.Json.Nodes;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary><c>service.sandbox</c>, and what a service with a user has without it: seen from inside the service.</summary>
public sealed class SandboxTests(Attackers attackers) : IAsyncDisposable
{
    /// <summary>What a process may do and see, as JSON, and what it can change.</summary>
    private const string Look = """
        import json, os, tempfile
        def status(name):
            with open('/proc/self/status') as file:
                return next(line.split(':', 1)[1].strip() for line in file if line.startswith(name + ':'))
        def names(folder):
            try:
                return sorted(os.listdir(folder))
            except OSError as error:
                return error.strerror
        def writes(path):
            file = os.path.join(path, 'sc-written-' + os.path.basename(os.path.dirname(os.getcwd())))
            try:
                open(file, 'w').close()
                os.remove(file)
                return True
            except OSError as error:
                return error.strerror
        def look():
            return json.dumps({
                'gain': status('NoNewPrivs'), 'bound': status('CapBnd'), 'effective': status('CapEff'), 'home': names('/home'), 'tmp': names('/tmp'),
                'here': writes('.'), 'log': writes('log'), 'temporary': writes('/tmp'), 'path': os.environ['PATH'], 'HOME': os.environ.get('HOME')})
        """;

    private const string Wsgi = Look + """

        def app(environ, start_response):
            start_response('200 OK', [('Content-Type', 'application/json')])
            return [look().encode()]
        """;

    private const string Asgi = Look + """

        async def app(scope, receive, send):
            if scope['type'] != 'http':
                return
            await send({'type': 'http.response.start', 'status': 200, 'headers': []})
            await send({'type': 'http.response.body', 'body': look().encode()})
        """;

    private const string Program = Look + """

        import http.server, socket, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(look().encode())
        server = http.server.HTTPServer(('', 0), Handler, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        server.serve_forever()
        """;

    private readonly Home _home = new();
    private readonly string _visible = $"/home/sc-{Guid.NewGuid():N}";

    private ThrowawayUser User => attackers.Owner;

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_visible))
            Directory.Delete(_visible);
        await _home.DisposeAsync();
    }

    [Theory]
    [InlineData("uwsgi")]
    [InlineData("gunicorn")]
    [InlineData("uvicorn")]
    [InlineData("python")]
    [InlineData("command")]
    public async Task A_service_with_a_user_can_gain_nothing_and_sees_what_its_sandbox_leaves(string runner)
    {
        var service = Service(runner, "private_tmp: true, protect_home: true, read_only: [.]");

        await service.MustAsync(ServiceAction.Start);
        AssertClosed(await LookAsync(service));
        await service.MustAsync(runner is "uwsgi" or "gunicorn" ? ServiceAction.HotRestart : ServiceAction.Restart);
        AssertClosed(await LookAsync(service));
        await _home.KillAgentAsync();
        var status = await service.StatusAsync();
        AssertClosed(await LookAsync(service));

        Assert.Equal(
            ["no_new_privileges: prctl", "capabilities: bounding set", "private_tmp: mount namespace", "protect_home: mount namespace",
                "read_only: mount namespace"],
            status.Sandbox!.Select(protection => $"{protection.Name}: {protection.By}"));
        Assert.Contains("private_tmp yes: mount namespace", (await _home.RunAsync(service.Folder, "status", service.Name)).Output,
            StringComparison.Ordinal);
        await service.MustAsync(ServiceAction.Restart);
        AssertClosed(await LookAsync(service));
        await service.MustAsync(ServiceAction.Stop);
        Assert.DoesNotContain(_home.Paths.Home, await File.ReadAllTextAsync("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_switched_off_and_a_service_of_roots_has_none()
    {
        var service = Service("command", "no_new_privileges: false, capabilities: all");
        await service.MustAsync(ServiceAction.Start);
        var seen = await LookAsync(service);

        Assert.Equal("0", (string?)seen["gain"]);
        Assert.NotEqual(0ul, Mask(seen["bound"]));
        Assert.Contains(Path.GetFileName(_visible), seen["home"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True((bool)seen["here"]!);
        Assert.Empty((await service.StatusAsync()).Sandbox!);
    }

    [Fact]
    public async Task A_capability_that_is_kept_is_in_force()
    {
        var service = Service("command", "capabilities: [net_bind_service]");
        await service.MustAsync(ServiceAction.Start);
        var seen = await LookAsync(service);

        Assert.Equal((1ul << 10, 1ul << 10, "1"), (Mask(seen["bound"]), Mask(seen["effective"]), (string?)seen["gain"]));
    }

    [Fact]
    public async Task Commands_and_unit_tests_of_the_service_are_in_the_same_sandbox()
    {
        var service = Service("command", "private_tmp: true, protect_home: true, read_only: [.]");
        await File.WriteAllTextAsync(
            Path.Combine(service.Folder, "tests.yaml"),
            "unit: [{name: closed, from: look, import: closed, expected: true}]\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(service.Folder, "look.py"), Look + "\ndef closed():\n    return names('/home') == [] and writes('.') != True\n",
            TestContext.Current.CancellationToken);
        User.Own(service.Folder);
        await service.MustAsync(ServiceAction.Start);

        var command = await _home.RunAsync("/", "exec", service.Name, "--", "/usr/bin/python3", "-c", "import look; print(look.look())");
        var tested = await _home.RunAsync(service.Folder, "tests", service.Name);

        Assert.True(command.Code == 0, command.ToString());
        AssertClosed(JsonNode.Parse(command.Output)!);
        Assert.True(tested.Code == 0, tested.ToString());
    }

    [Fact]
    public async Task So_is_a_service_in_the_foreground()
    {
        var service = Service("command", "private_tmp: true, protect_home: true, read_only: [.]");
        using var running = _home.Start(service.Folder, "run", service.Folder);
        try
        {
            await Condition.HoldsAsync(() => running.HasExited || IsAnswering(service.Port), "it answers");
            AssertClosed(await LookAsync(service));
        }
        finally
        {
            using var terminate = System.Diagnostics.Process.Start("/bin/kill", [$"{running.Id}"]);
            await running.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static bool IsAnswering(int port)
    {
        try
        {
            using var client = new System.Net.Sockets.TcpClient("127.0.0.1", port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private LocalService Service(string runner, string sandbox)
    {
        var user = User;
        Directory.CreateDirectory(_visible);
        var launch = runner switch
        {
            "gunicorn" => "runner: gunicorn, app: 'wsgi:app', listen: 127.0.0.1:PORT",
            "uvicorn" => "runner: uvicorn, app: 'asgi:app', listen: 127.0.0.1:PORT",
            "python" => "runner: python, command: [program.py], socket: pass, listen: 127.0.0.1:PORT",
            "command" => "runner: command, command: [/usr/bin/python3, program.py], socket: pass, listen: 127.0.0.1:PORT",
            _ => "runner: uwsgi",
        };
        var uwsgi = runner == "uwsgi" ? "uwsgi: {http-socket: '127.0.0.1:PORT', module: 'wsgi:app'}\n" : "";
        var service = new LocalService(
            _home, "boxed",
            $"directories_to_create: [log]\n{uwsgi}service: {{{launch}, user: {user.Name}, ready: {{http: /}}, sandbox: {{{sandbox}}}}}\n",
            ("wsgi.py", Wsgi), ("asgi.py", Asgi), ("program.py", Program));
        ThrowawayUser.Open(service.Folder);
        Directory.CreateDirectory(Path.Combine(service.Folder, "log"));
        User.Own(service.Folder);
        return service;
    }

    private static async Task<JsonNode> LookAsync(LocalService service) => JsonNode.Parse(await service.GetAsync("/"))!;

    private void AssertClosed(JsonNode seen)
    {
        var text = seen.ToJsonString();
        Assert.Equal("1", (string?)seen["gain"]);
        Assert.Equal(0ul, Mask(seen["bound"]));
        Assert.True(seen["home"]!.ToJsonString() == "[]", text);
        // The way to its own folder.
        Assert.All(seen["tmp"]!.AsArray(),
            name => Assert.True(_home.Paths.Home.StartsWith($"/tmp/{name}/", StringComparison.Ordinal), text));
        Assert.Equal("Read-only file system", (string?)seen["here"]);
        Assert.True(seen["log"]!.ToJsonString() == "true", text);
        Assert.True(seen["temporary"]!.ToJsonString() == "true", text);
        Assert.DoesNotContain("/root", (string?)seen["path"], StringComparison.Ordinal);
    }

    private static ulong Mask(JsonNode? number) => ulong.Parse((string)number!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
