using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Configuration;

/// <summary>Services whose configuration is the files of <c>config/</c> and <c>etc/</c>, from the shell to the running process.</summary>
public sealed class ComposedServiceTests : IAsyncDisposable
{
    private const string Server = """
        import http.server, os, socket
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers(); self.wfile.write(os.environ.get('COLOUR', 'none').encode())
            def log_message(self, *words): pass
        server = http.server.HTTPServer(('', 0), Page, bind_and_activate=False)
        server.socket = socket.socket(fileno=3)
        server.serve_forever()
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("config")]
    [InlineData("etc")]
    public async Task A_service_of_section_files_runs_and_takes_what_a_section_file_says_now(string part)
    {
        var service = Service(part);
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal("red", await service.GetAsync("/"));
        var status = await service.StatusAsync();
        Assert.Equal((service.Folder, $"{service.Folder}/"), (status.Path, status.ConfigPath));
        Assert.Null(status.ConfigChange);

        service.Replace($"{part}/service.yaml", "red", "blue");
        Assert.Contains("has changed", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);
        await service.MustAsync(ServiceAction.Restart);

        Assert.Equal("blue", await service.GetAsync("/"));
        Assert.Null((await service.StatusAsync()).ConfigChange);
    }

    [Fact]
    public async Task A_new_file_counts_as_a_change_and_restarts_a_service_that_asks_for_it()
    {
        var service = Service("config", "  on_change: restart\n");
        await service.MustAsync(ServiceAction.Start);

        Directory.CreateDirectory(Path.Combine(service.Folder, "etc"));
        File.WriteAllText(Path.Combine(service.Folder, "etc", "10-colour.yaml"), "service: {environment: {SHADE: dark}}\n");
        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()) is { Generation: 2, State: ServiceState.Running, ConfigChange: null },
            "it is restarted for the new file");

        File.Delete(Path.Combine(service.Folder, "etc", "10-colour.yaml"));
        await Condition.HoldsAsync(
            async () => (await service.StatusAsync()) is { Generation: 3, State: ServiceState.Running, ConfigChange: null },
            "and for its end");
    }

    [Theory]
    [InlineData(".")]
    [InlineData("config")]
    [InlineData("config/service.yaml")]
    public async Task It_is_registered_by_its_folder_or_by_any_of_its_files(string path)
    {
        var service = Service("config");

        var registered = await _home.RunAsync(service.Folder, "register", path);
        var again = await _home.RunAsync(Path.Combine(service.Folder, "config"), "start");

        Assert.True(registered.Code == 0, registered.ToString());
        Assert.Equal($"web is registered with {service.Folder}/.\n", registered.Output);
        Assert.True(again.Code == 0, again.ToString());
        Assert.Equal("web", Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).Name);
    }

    [Fact]
    public async Task Values_are_shown_with_the_file_that_holds_them_and_faults_with_both_places()
    {
        var service = Service("config");
        var shown = await _home.RunAsync(service.Folder, "config", "--key", "db", "--show-source");
        Assert.Matches($@"db.host +localhost +{service.Folder}/config/db.toml:1:8", shown.Output);

        File.WriteAllText(Path.Combine(service.Folder, "config", "20-more.yaml"), "db:\n  host: other\n");
        var duplicate = await _home.RunAsync(service.Folder, "config", "check");
        Assert.Equal(1, duplicate.Code);
        Assert.Contains($"error: The key `db.host` is given twice, first at {service.Folder}/config/20-more.yaml:2:3.", duplicate.Output,
            StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(service.Folder, "config", "20-more.yaml"), "db: [\n");
        var broken = await _home.RunAsync("/", "config", "check", Path.Combine(service.Folder, "config", "db.toml"));
        Assert.Equal(1, broken.Code);
        Assert.Matches($@"{service.Folder}/config/20-more\.yaml:\d+:\d+: error:", broken.Output);
    }

    [Fact]
    public async Task A_folder_with_one_file_reads_nothing_else()
    {
        var service = Service("config");
        File.WriteAllText(Path.Combine(service.Folder, "config.yaml"),
            "service: {runner: command, command: [sleep, '1000'], ready: {delay: 10ms}}\n");

        var shown = await _home.RunAsync(service.Folder, "config");

        Assert.True(shown.Code == 0, shown.ToString());
        Assert.DoesNotContain("db.host", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registered_service_is_known_whatever_its_configuration_becomes()
    {
        var service = Service("config");
        await service.MustAsync(ServiceAction.Start);
        var one = Path.Combine(service.Folder, "config.yaml");

        File.Move(Path.Combine(service.Folder, "config/service.yaml"), one);
        File.WriteAllText(one, $"service:\n  {File.ReadAllText(one).ReplaceLineEndings("\n  ").TrimEnd()}\n");
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("red", await service.GetAsync("/"));

        File.Move(one, Path.Combine(service.Folder, "config/main.yaml"));
        await service.MustAsync(ServiceAction.Restart);
        Assert.Equal("web", Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).Name);
    }

    [Fact]
    public async Task Relative_paths_start_at_the_service_folder_and_its_unit_names_the_folder()
    {
        var service = Service("config", "  stop: {timeout: 3s}\n");
        File.WriteAllText(Path.Combine(service.Folder, "config", "main.yaml"), "DIRECTORIES_TO_CREATE: [made]\npid_file: web.pid\n");
        await service.MustAsync(ServiceAction.Start);

        var unit = await _home.RunAsync(service.Folder, "unit", "web");

        Assert.True(File.Exists(Path.Combine(service.Folder, "web.pid")));
        Assert.Contains($" run {service.Folder}/ --name web", unit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_registered_with_sources_of_its_own_and_follows_them()
    {
        var service = Service("settings/web");
        File.WriteAllText(Path.Combine(service.Folder, "config.yaml"), "service: {runner: command, command: [not, this]}\n");

        var registered = await _home.RunAsync(service.Folder, "register", "--source", "settings/web");
        Assert.True(registered.Code == 0, registered.ToString());
        await service.MustAsync(ServiceAction.Start);
        Assert.Equal("red", await service.GetAsync("/"));
        Assert.Equal(["settings/web"], Assert.Single(await _home.Client.Services.GetAsync([], CancellationToken.None)).Sources);

        service.Replace("settings/web/service.yaml", "red", "blue");
        Assert.Contains("has changed", (await service.StatusAsync()).ConfigChange, StringComparison.Ordinal);
        var unit = await _home.RunAsync(service.Folder, "unit", "web");
        Assert.Contains(" run ", unit.Output, StringComparison.Ordinal);
        Assert.Contains(" --name web --source settings/web", unit.Output, StringComparison.Ordinal);
        Assert.Equal("blue\n", (await _home.RunAsync("/", "exec", "web", "--", "printenv", "COLOUR")).Output);
    }

    [Fact]
    public async Task The_environment_of_run_is_the_services_configuration_and_that_of_the_agents_session_is_not()
    {
        var service = Service("config");
        var environment = new Dictionary<string, string> { ["SERVICECTL__SERVICE__ENVIRONMENT__COLOUR"] = "green" };

        using (var start = _home.Start(service.Folder, environment, "start"))
            Assert.Equal(0, (await CommandResult.OfAsync(start)).Code);
        Assert.Equal("red", await service.GetAsync("/"));
        await service.MustAsync(ServiceAction.Stop);

        using var run = _home.Start(service.Folder, environment, "run");
        var output = CommandResult.OfAsync(run);
        await Condition.HoldsAsync(async () => output.IsCompleted || await AnswersAsync(service), "it serves");
        Assert.Equal("green", await service.GetAsync("/"));
        using (Process.Start("/bin/kill", [$"{run.Id}"]))
            Assert.Equal(0, (await output).Code);
    }

    private static async Task<bool> AnswersAsync(LocalService service)
    {
        try
        {
            return (await service.GetAsync("/")).Length > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private LocalService Service(string part, string more = "")
    {
        var service = new LocalService(_home, "web");
        var folder = Directory.CreateDirectory(Path.Combine(service.Folder, part)).FullName;
        File.WriteAllText(Path.Combine(service.Folder, "server.py"), Server);
        File.WriteAllText(
            Path.Combine(folder, "service.yaml"),
            $$"""
            runner: command
            command: [python3, server.py, '{fd}']
            listen: 127.0.0.1:{{service.Port}}
            ready: {http: /}
            environment: {COLOUR: red}

            """ + more.Replace("  ", "", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, "db.toml"), "host = 'localhost'\n");
        return service;
    }
}
