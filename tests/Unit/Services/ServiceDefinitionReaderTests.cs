using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class ServiceDefinitionReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_predecessors_config_is_read_with_aliases_joins_and_relative_paths()
    {
        var definition = await ReadAsync("""
            SERVICE_NAME: billing
            api_directory: &api .
            TMP_DIR: &tmp tmp
            pid_file: !join [*tmp, /billing.pid]
            env_directory: venv
            local_ip: 0.0.0.0
            local_port: &port 8001
            directories_to_create: [log, *tmp]
            paths_to_delete: [*tmp]
            env_vars: [SERVICE_NAME, local_port]
            DEBUG: "0"
            uwsgi:
              config_file: !join [*tmp, /uwsgi.ini]
              http-socket: !join [":", *port]
              logto: log/%n.log
              cron2: [minute=1 one, minute=2 two]
            """);

        Assert.Equal("billing", definition.Name);
        Assert.Equal("uwsgi", definition.Runner);
        Assert.Equal($"{_folder}/tmp/billing.pid", definition.PidFile);
        Assert.Equal($"{_folder}/venv", definition.VirtualEnvironment);
        Assert.Equal([$"{_folder}/log", $"{_folder}/tmp"], definition.DirectoriesToCreate);
        Assert.Equal("0.0.0.0:8001", definition.Listen?.ToString());
        Assert.Equal(new Dictionary<string, string> { ["SERVICE_NAME"] = "billing", ["local_port"] = "8001" }, definition.Environment);
        Assert.Equal($"{_folder}/tmp/uwsgi.ini", definition.Uwsgi.ConfigFile);
        Assert.Equal(
            [("http-socket", ":8001"), ("logto", "log/%n.log"), ("cron2", "minute=1 one"), ("cron2", "minute=2 two")],
            definition.Uwsgi.Options.Select(option => (option.Name, option.Value)));
    }

    [Theory]
    [InlineData("config/main.yaml", "config.json")]
    [InlineData("config.ini", "config.json")]
    [InlineData("config.yaml", "config.yaml")]
    [InlineData("config.json", "./config.toml")]
    public async Task A_pushed_file_that_would_become_the_configuration_is_refused(string config, string pushed)
    {
        var text = config switch
        {
            "config.ini" => $"[service]\nrunner = command\ncommand = true\n[service.remote]\nfile = {pushed}\n",
            "config.json" =>
                "{\"service\": {\"runner\": \"command\", \"command\": [\"true\"], \"remote\": {\"file\": \"" + pushed + "\"}}}",
            _ => $"service: {{runner: command, command: [\"true\"], remote: {{file: {pushed}}}}}\n",
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, config))!);
        await File.WriteAllTextAsync(Path.Combine(_folder, config), text);

        var refusal = await Assert.ThrowsAsync<ServiceCtlException>(
            () => ServiceDefinitionReader.ReadAsync(_folder, null, TestContext.Current.CancellationToken));

        Assert.Contains("would be read as the configuration", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("remote.json", refusal.Report.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_in_a_file_that_was_found_through_sources_are_a_warning_with_its_place()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "more"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"),
            "service: {runner: command, command: [\"true\"], sources: {files: [more]}}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "more", "main.yaml"), "service:\n  sources: {prefix: APP}\n");

        var read = await ServiceConfiguration.ReadAsync(_folder, SourceRequest.Usual, TestContext.Current.CancellationToken);

        Assert.Empty(read.Check.Problems);
        var warning = Assert.Single(read.Check.Warnings);
        Assert.Equal(("service.sources.prefix", 2), (warning.Key, warning.Line));
        Assert.EndsWith("more/main.yaml", warning.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_keys_and_the_secrets_are_read()
    {
        var definition = await ReadAsync("""
            DB_PASSWORD: hunter2hunter2
            service:
              runner: python
              environment: {API_KEY: abcdefgh}
              logs: {max_size: 5MB, max_age: 1d, keep: 7, compress: true, syslog: true}
            """);

        Assert.Equal(
            new LogRule { MaxSizeBytes = 5_000_000, MaxAge = TimeSpan.FromDays(1), Keep = 7, Compress = true, SyslogSocket = "/dev/log" },
            definition.Logs);
        Assert.Equal("********, ********", definition.Mask.MaskText("hunter2hunter2, abcdefgh"));
    }

    [Fact]
    public async Task The_service_section_says_the_rest()
    {
        var definition = await ReadAsync("""
            service:
              runner: uwsgi
              app: app:app
              listen: 127.0.0.1:9001
              environment: {TZ: UTC}
              ready: {http: /alive, timeout: 90s}
              stop: {timeout: 500ms}
            """);

        Assert.Equal(Path.GetFileName(_folder), definition.Name, ignoreCase: false);
        Assert.Equal("app:app", definition.App);
        Assert.Equal("127.0.0.1:9001", definition.Listen?.ToString());
        Assert.Equal("UTC", definition.Environment["TZ"]);
        Assert.Equal(new ReadinessRule { HttpPath = "/alive", Timeout = TimeSpan.FromSeconds(90) }, definition.Ready);
        Assert.Equal(TimeSpan.FromMilliseconds(500), definition.Stop.Timeout);
    }

    [Theory]
    [InlineData("SERVICE_NAME: web", "neither a `uwsgi:` section", 1)]
    [InlineData("uwsgi: {}\nenv_vars: [MISSING]", "`MISSING`", 2)]
    [InlineData("uwsgi: {}\nenv_vars: [uwsgi]", "not a single value", 2)]
    [InlineData("uwsgi: {}\nlocal_port: 80\nlocal_ip: web.example", "`web.example`", 3)]
    [InlineData("uwsgi: {}\npaths_to_delete: [.]", "would be emptied", 2)]
    [InlineData("uwsgi: {}\npaths_to_delete: [tmp, /]", "would be emptied", 2)]
    public async Task Values_that_make_no_sense_together_are_told_with_their_place(string text, string words, int line)
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(() => ReadAsync(text));

        Assert.Equal(ErrorCode.ConfigInvalid, error.Code);
        var problem = Assert.Single(error.Report.Problems);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Equal(line, problem.Line);
        Assert.NotNull(problem.Advice);
    }

    [Fact]
    public async Task A_folder_without_a_config_is_no_services()
    {
        var error = await Assert.ThrowsAsync<ServiceCtlException>(
            () => ServiceDefinitionReader.ReadAsync(_folder, null, CancellationToken.None));

        Assert.Equal(ErrorCode.ConfigNotFound, error.Code);
    }

    private async Task<ServiceDefinition> ReadAsync(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "config.yaml"), text);
        return await ServiceDefinitionReader.ReadAsync(_folder, null, CancellationToken.None);
    }
}
