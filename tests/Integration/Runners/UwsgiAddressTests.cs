using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Runners;

/// <summary>Every kind of address that a <c>uwsgi:</c> section can name: reached, and restarted under load without a loss.</summary>
public sealed class UwsgiAddressTests : IAsyncDisposable
{
    private const string App = """
        VERSION = 'one'

        def app(environment, start_response):
            body = VERSION.encode() + b' pong'
            start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', str(len(body)))])
            return [body]
        """;

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SERVICECTL_TEST_RESTARTS"),
        CultureInfo.InvariantCulture, out var rounds) ? rounds : 2;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    // {port} and {other} are free ports; what is asked is in the words behind: protocol, address.
    [Theory]
    [InlineData("http: 127.0.0.1:{port}", "http 127.0.0.1:{port}")]
    [InlineData("http: ':{port}'", "http 127.0.0.1:{port}")]
    [InlineData("http: 'localhost:{port}'", "http 127.0.0.1:{port}")]
    [InlineData("http: '[::1]:{port}'", "http [::1]:{port}")]
    [InlineData("https: '127.0.0.1:{port},web.crt,web.key'", "https 127.0.0.1:{port}")]
    [InlineData("http-socket: '[::]:{port}'", "http [::1]:{port}")]
    [InlineData("http-socket: 'localhost:{port}'", "http 127.0.0.1:{port}")]
    [InlineData("https-socket: '127.0.0.1:{port},web.crt,web.key'", "https 127.0.0.1:{port}")]
    [InlineData("http11-socket: ':{port}'", "http 127.0.0.1:{port}")]
    [InlineData("socket: 127.0.0.1:{port}", "uwsgi 127.0.0.1:{port}")]
    [InlineData("uwsgi-socket: web.sock", "uwsgi web.sock")]
    [InlineData("fastcgi-socket: 127.0.0.1:{port}", "fastcgi 127.0.0.1:{port}")]
    [InlineData("scgi-socket: web.sock", "scgi web.sock")]
    [InlineData("http: web.sock", "http web.sock")]
    [InlineData("{http: ':{port}', fastcgi-socket: web.sock, http-socket: '[::1]:{other}'}", "http 127.0.0.1:{port}", "fastcgi web.sock",
        "http [::1]:{other}")]
    public async Task Is_reached_and_loses_nothing_under_restarts(string section, params string[] asked)
    {
        var (service, places) = Make(section, asked);
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal(places.Length, (await service.StatusAsync()).Addresses.Count);

        var loads = Array.ConvertAll(places, place => new Load(limit => place.AskAsync(limit), clients: 2));
        var version = "one";
        foreach (var action in Enumerable.Repeat<ServiceAction[]>([ServiceAction.Restart, ServiceAction.HotRestart], Rounds)
            .SelectMany(both => both))
        {
            await ReachAsync(loads, 30);
            service.Replace("app.py", $"VERSION = '{version}'", $"VERSION = '{version}{(action == ServiceAction.Restart ? "R" : "H")}'");
            version += action == ServiceAction.Restart ? "R" : "H";
            var result = await service.MustAsync(action);
            Assert.DoesNotContain("one generation after the other", result.Message, StringComparison.Ordinal);
            foreach (var place in places)
                Assert.Contains(version + " pong", await place.AskAsync(CancellationToken.None), StringComparison.Ordinal);
        }

        await ReachAsync(loads, 50);
        foreach (var load in loads)
        {
            await load.DisposeAsync();
            Assert.True(load.Failed == 0, $"{load.Failed} of {load.Succeeded + load.Failed} requests failed: {load.FirstFailure}");
        }

        await service.MustAsync(ServiceAction.Stop);
        Assert.False((await service.StatusAsync()).Listening);
    }

    [Fact]
    public async Task Another_agent_takes_all_addresses_on()
    {
        var (service, places) = Make("{http: ':{port}', socket: web.sock, http-socket: '127.0.0.1:{other}'}",
            ["http 127.0.0.1:{port}", "uwsgi web.sock", "http 127.0.0.1:{other}"]);
        await service.MustAsync(ServiceAction.Start);
        await _home.KillAgentAsync();
        var loads = Array.ConvertAll(places, place => new Load(limit => place.AskAsync(limit), clients: 1));

        var result = await service.MustAsync(ServiceAction.Restart);

        Assert.DoesNotContain("one generation after the other", result.Message, StringComparison.Ordinal);
        await ReachAsync(loads, 30);
        foreach (var load in loads)
        {
            await load.DisposeAsync();
            Assert.True(load.Failed == 0, load.FirstFailure);
        }
    }

    [Fact]
    public async Task What_uwsgi_has_to_open_itself_goes_one_after_the_other_and_says_why()
    {
        var (service, places) = Make("{shared-socket: '127.0.0.1:{port}', http: '=0'}", ["http 127.0.0.1:{port}"]);
        await service.MustAsync(ServiceAction.Start);

        var result = await service.MustAsync(ServiceAction.Restart);

        Assert.Contains("because uWSGI has to open shared-socket 127.0.0.1", result.Message, StringComparison.Ordinal);
        Assert.Contains("pong", await places[0].AskAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_this_uwsgi_does_not_know_is_told_with_its_place()
    {
        var (service, _) = Make("{http-socket: ':{port}', base: 'a', procname-prefix: '%(base)', proceses: 2}", ["http 127.0.0.1:{port}"]);

        var result = await service.MustAsync(ServiceAction.Start);
        var check = await _home.RunAsync(service.Folder, "config", "check");

        var warning = Assert.Single(result.Warnings);
        Assert.Contains("does not know the option `proceses`", warning, StringComparison.Ordinal);
        Assert.Contains("config.yaml:", warning, StringComparison.Ordinal);
        Assert.Contains("Did you mean `processes`?", warning, StringComparison.Ordinal);
        Assert.Contains("does not know the option `proceses`", check.Output + check.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("`base`", check.Output + check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tests_and_probes_ask_also_a_service_that_speaks_no_http()
    {
        var (service, _) = Make("socket: web.sock", ["uwsgi web.sock"]);
        service.Replace("app.py", "VERSION.encode() + b' pong'", """b'{"jsonrpc": "2.0", "id": 1, "result": "pong"}'""");
        File.AppendAllText(service.Config, "service: {health: {http: /ping, interval: 100ms}}\n");
        File.WriteAllText(Path.Combine(service.Folder, "tests.yaml"),
            "integration: [{name: pings, request: {method: ping, id: 1}, expected: {result: pong}}]\n");
        await service.MustAsync(ServiceAction.Start);

        var tests = await _home.RunAsync(service.Folder, "tests");

        Assert.True(tests.Code == 0, tests.ToString());
        await Condition.HoldsAsync(async () => (await service.StatusAsync()).Health is { Good: true }, "a good answer to the health probe");
    }

    [Fact]
    public async Task Placeholders_mean_the_configuration_s_own_place()
    {
        var (service, places) = Make(
            "{number: '{port}', host: 127.0.0.1, http: '%(host):%(number)', socket: '%dtmp/%n.sock', chdir: '%d', pidfile: '%d/%c.pid', "
                + "logto: '%dlog-%n'}",
            ["http 127.0.0.1:{port}", "uwsgi tmp/uwsgi.sock"]);
        Directory.CreateDirectory(Path.Combine(service.Folder, "tmp"));

        await service.MustAsync(ServiceAction.Start);

        foreach (var place in places)
            Assert.Contains("pong", await place.AskAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(service.Folder, "log-uwsgi")));
        Assert.NotNull(new FileInfo(Path.Combine(service.Folder, Path.GetFileName(service.Folder) + ".pid")).LinkTarget);
        Assert.Equal([], Directory.GetFiles(service.Folder, "127.0.0.1*"));
    }

    private static async Task ReachAsync(Load[] loads, int more)
    {
        foreach (var load in loads)
            await load.ReachAsync(load.Succeeded + more);
    }

    private (LocalService Service, Place[] Places) Make(string section, string[] asked)
    {
        var service = new LocalService(_home, "web");
        var other = LocalService.FreePort();
        string Fill(string text) =>
            text.Replace("{port}", $"{service.Port}", StringComparison.Ordinal).Replace("{other}", $"{other}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(service.Folder, "app.py"), App);
        var options = Fill(section).Trim('{', '}');
        File.WriteAllText(service.Config, $"uwsgi: {{module: 'app:app', processes: 2, {options}}}\n");
        if (section.Contains("web.crt", StringComparison.Ordinal))
        {
            using var openssl = Process.Start(new ProcessStartInfo(
                "openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "web.key", "-out", "web.crt", "-days", "9", "-subj",
                    "/CN=localhost"])
            {
                WorkingDirectory = service.Folder,
                RedirectStandardError = true,
            })!;
            openssl.WaitForExit();
        }

        return (service, [.. asked.Select(words => Place.Of(Fill(words), service.Folder))]);
    }

    private sealed record Place(string Protocol, EndPoint Address)
    {
        public static Place Of(string words, string folder)
        {
            var (protocol, address) = (words.Split(' ')[0], words.Split(' ')[1]);
            return new Place(protocol,
                IPEndPoint.TryParse(address, out var endPoint) ? endPoint : new UnixDomainSocketEndPoint(Path.Combine(folder, address)));
        }

        public async Task<string> AskAsync(CancellationToken cancellation)
        {
            var answer = await Spoken.AskAsync(Protocol, Address, cancellation);
            return answer.Contains(" pong", StringComparison.Ordinal) ? answer : throw new IOException($"answered '{answer}'");
        }
    }
}
