using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Gunicorn;
using ServiceCtl.Engine.Runners.Programs;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Runners.Uwsgi;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Runners;

/// <summary>Services with several addresses, in our words and in their servers', and keys that a runner passes over.</summary>
public sealed class SeveralAddressesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("'127.0.0.1:81'", "127.0.0.1:81")]
    [InlineData("['127.0.0.1:81', '[::1]:82', ./s.sock]", "127.0.0.1:81 [::1]:82 FOLDER/s.sock")]
    [InlineData("[{unix: s.sock, mode: '0660'}, 81]", "FOLDER/s.sock 0.0.0.0:81")]
    [InlineData("{unix: s.sock, mode: '0660'}", "FOLDER/s.sock")]
    public async Task All_are_read_and_held(string listen, string addresses)
    {
        var definition = (await ReadAsync($"service: {{runner: gunicorn, app: a, listen: {listen}}}")).Definition;

        Assert.Equal(addresses.Replace("FOLDER", _folder, StringComparison.Ordinal), string.Join(' ', definition.Listens));
        var plan = SocketPlans.Of(definition, SocketMode.Pass);
        Assert.Equal((definition.Listens.Count, true, definition.Listen), (plan.Passed, plan.IsHeld, plan.Main));
    }

    [Theory]
    [InlineData("runner: uvicorn, listen: [81, 82]", "uvicorn listens on one address, and `service.listen` names 2.")]
    [InlineData("runner: gunicorn, listen: [81, '0.0.0.0:81']", "`service.listen` names 0.0.0.0:81 twice.")]
    [InlineData("runner: gunicorn, listen: []", "`service.listen` is an empty list.")]
    [InlineData("runner: gunicorn, listen: [{unix: a, mode: '0600'}, {unix: b, mode: '0660'}]", "different `mode`")]
    [InlineData("runner: gunicorn, listen: [81, {unix: a, mod: '0600'}]", "Did you mean `mode`?")]
    [InlineData("runner: gunicorn, listen: '81, 82'", "")]
    public async Task What_is_wrong_with_them_is_told_with_its_place(string service, string words)
    {
        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync($"service: {{app: a, {service}}}"));

        var problem = Assert.Single(refused.Report.Problems);
        Assert.Contains(words, problem.Message + problem.Advice, StringComparison.Ordinal);
        Assert.Equal((Path.Combine(_folder, "config.yaml"), 1), (problem.Source, problem.Line));
    }

    [Theory]
    [InlineData("bind = '127.0.0.1:81'  # one\n", "", "127.0.0.1:81")]
    [InlineData("workers = 2\nbind = [\"127.0.0.1:81\",\n    # and\n    'unix:s.sock',\n]\n", "", "127.0.0.1:81 FOLDER/s.sock")]
    [InlineData("bind = ('127.0.0.1:81', '[::1]:82')\n", "", "127.0.0.1:81 [::1]:82")]
    [InlineData("bind = '127.0.0.1:81,127.0.0.1:82'\n", "", "127.0.0.1:81 127.0.0.1:82")]
    [InlineData("bind = '127.0.0.1:81'\n", "--bind 127.0.0.1:83 -b [::1]:84", "127.0.0.1:83 [::1]:84")]
    [InlineData("bind = '127.0.0.1:' + port\n", "", "code")]
    [InlineData("bind = [address, '127.0.0.1:82']\n", "", "code")]
    [InlineData("bind = 'www.example.com:82'\n", "", "code")]
    [InlineData("# bind = '127.0.0.1:81'\n", "", "")]
    public void Gunicorns_own_binds_count_where_service_listen_says_nothing(string file, string variable, string addresses)
    {
        File.WriteAllText(Path.Combine(_folder, "gunicorn.conf.py"), file);
        var definition = Define("gunicorn") with { Environment = new Dictionary<string, string> { ["GUNICORN_CMD_ARGS"] = variable } };

        Assert.Equal(addresses == "code", GunicornBinds.IsCode(definition));
        Assert.Equal(addresses is "code" ? "" : addresses.Replace("FOLDER", _folder, StringComparison.Ordinal),
            string.Join(' ', GunicornBinds.AddressesOf(definition)));
        Assert.Equal(["127.0.0.1:90"],
            GunicornBinds.AddressesOf(definition with { Listen = Address("127.0.0.1:90") }).Select(address => address.ToString()));
    }

    [Fact]
    public void A_command_names_each_of_them()
    {
        var definition = Define("command") with
        {
            Listen = Address("127.0.0.1:81"),
            AlsoListens = [Address("[::1]:82"), Address("unix:/run/s.sock")]
        };

        Assert.Equal(
            ["3", "4,5", "--on=::1:82", "/run/s.sock", "{fd1}", "{fds}"],
            SocketPlaceholders.Replace(definition, ["{fd}", "{fd2},{fd3}", "--on={host2}:{port2}", "{address3}", "{fd1}", "{fds}"],
                hasSocket: true));
        Assert.True(SocketPlaceholders.NamesDescriptor(["{fd2}"]));
        Assert.Contains("{fd4}, but it has 3 of these",
            Assert.Throws<ServiceCtlException>(() => SocketPlaceholders.Replace(definition, ["{fd4}"], hasSocket: true)).Message,
            StringComparison.Ordinal);
        Assert.Contains("{port3}, but it listens on a Unix socket",
            Assert.Throws<ServiceCtlException>(() => SocketPlaceholders.Replace(definition, ["{port3}"], hasSocket: true)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Uwsgi_gets_one_of_its_sockets_for_each()
    {
        var definition = Define("uwsgi") with { Listen = Address("127.0.0.1:81"), AlsoListens = [Address("unix:/run/s.sock")] };
        string Text(int sockets) =>
            new UwsgiConfigFile(new LaunchRequest { Definition = definition, RunFolder = "/run/web/1", Sockets = sockets }, []).Text();

        Assert.Contains("http-socket = fd://3\nhttp-socket = fd://4\n", Text(2), StringComparison.Ordinal);
        Assert.Contains("http-socket = 127.0.0.1:81\nhttp-socket = /run/s.sock\n", Text(0), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uwsgi: {http-socket: ':81'}\nservice: {socket: own}", "service.socket")]
    [InlineData("uwsgi: {http-socket: ':81', module: m}\nservice: {listen: 82, app: a, command: [x], instances: 2, stop: {signal: INT}}",
        "service.app service.command service.instances service.listen service.stop.signal")]
    [InlineData("uwsgi: {processes: 2}\nservice: {listen: 82, app: a}", "")]
    [InlineData("service: {runner: gunicorn, app: a, listen: 81, instances: 2, command: [-w, 4], stop: {signal: INT}}",
        "service.instances service.stop.signal")]
    [InlineData("service: {runner: gunicorn, app: a, listen: 81, socket: own, instances: 2, command: [--threads, 4]}", "")]
    [InlineData("uwsgi: {processes: 2}\nservice: {runner: uvicorn, app: a, listen: 81}", "uwsgi")]
    [InlineData("service: {runner: python, app: a, socket: pass, stop: {signal: INT}}", "service.app service.socket")]
    [InlineData("service: {runner: command, command: [x], listen: 81, socket: pass, instances: 2}", "")]
    public async Task Keys_that_a_runner_passes_over_are_told(string config, string keys)
    {
        var (definition, configuration) = await ReadAsync(config);

        var inert = InertKeys.Find(definition, configuration);

        Assert.Equal(keys, string.Join(' ', inert.Select(problem => problem.Key).Order(StringComparer.Ordinal)));
        Assert.All(inert,
            problem => Assert.Equal((Path.Combine(_folder, "config.yaml"), true, true),
                (problem.Source, problem.Line > 0, problem.Advice?.Length > 0)));
    }

    [Theory]
    [InlineData("bind = '0.0.0.0:81'", false)]
    [InlineData("bind = ['0.0.0.0:81', '0.0.0.0:82']", true)]
    [InlineData("bind = code()", true)]
    public async Task Binds_that_lose_against_service_listen_are_told(string file, bool isTold)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "gunicorn.conf.py"), $"workers = 2\n{file}\n");
        var (definition, configuration) = await ReadAsync("service: {runner: gunicorn, app: a, listen: 81}");

        Assert.Equal(isTold ? [(Path.Combine(_folder, "gunicorn.conf.py"), 2)] : [],
            InertKeys.Find(definition, configuration).Select(problem => (problem.Source, problem.Line)));
    }

    private static ListenAddress Address(string text) =>
        ListenAddress.TryParse(text, "/", out var address) ? address : throw new ArgumentException(text);

    private ServiceDefinition Define(string runner) =>
        new() { Name = "s", Folder = _folder, ConfigPath = Path.Combine(_folder, "config.yaml"), Runner = runner };

    private async Task<(ServiceDefinition Definition, ResolvedConfiguration Configuration)> ReadAsync(string config)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), config);
        var read = await ServiceDefinitionReader.ReadWithConfigurationAsync(_folder, null, CancellationToken.None);
        return (read.Definition, read.Configuration);
    }
}
