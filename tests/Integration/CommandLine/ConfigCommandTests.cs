using System.Text.Json;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.CommandLine;

/// <summary><c>servicectl config</c> and its parts. None of them may start an agent.</summary>
public sealed class ConfigCommandTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly string _folder;

    public ConfigCommandTests() => _folder = _home.Folder("billing");

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_wrong_configuration_is_told_whole_with_lines_carets_and_remedies()
    {
        Write("config.yaml", "local_port: 70000\nservice:\n  helth: {}\n  runner: uvicron\n");

        var check = await _home.RunAsync(_folder, "config", "check");

        Assert.Equal(1, check.Code);
        Assert.Contains($"{_folder}/config.yaml: invalid (3 errors)\n", check.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"{_folder}/config.yaml:1:13: error: `70000` is not an integer from 1 to 65535.\n    1 | local_port: 70000\n      |            "
                + " ^\n      Write it as `8001`.\n", check.Output, StringComparison.Ordinal);
        Assert.Contains("    3 |   helth: {}\n      |   ^\n      Did you mean `health`?\n", check.Output, StringComparison.Ordinal);
        Assert.Contains("Did you mean `uvicorn`?", check.Output, StringComparison.Ordinal);
        AssertNoAgent();
    }

    [Fact]
    public async Task A_right_one_ends_with_0_and_shows_its_values_on_request()
    {
        Write("config.yaml", "service: {runner: uvicorn, app: 'app:app'}\nlocal_port: 8001\nDB_PASSWORD: hunter2\n");
        Write(".env", "SERVICECTL__LOCAL_PORT=8002\n");

        var check = await _home.RunAsync("/", "config", "check", _folder, "--values");

        Assert.True(check.Code == 0, check.ToString());
        Assert.Matches(@"local_port +8002 +.*/\.env:1:24", check.Output);
        Assert.DoesNotContain("hunter2", check.Output, StringComparison.Ordinal);
        AssertNoAgent();
    }

    [Fact]
    public async Task Faults_between_keys_and_a_missing_file_are_told_as_well()
    {
        Write("config.yaml", "local_port: 8001\n");

        var check = await _home.RunAsync("/", "config", "check", _folder, "/nowhere/config.yaml");

        Assert.Equal(1, check.Code);
        Assert.Contains("Nothing says how this service is launched", check.Output, StringComparison.Ordinal);
        Assert.Contains("There is no configuration file `/nowhere/config.yaml`.", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_counts_is_shown_with_what_it_overrides()
    {
        Write("config.yaml", "local_port: 8001\nservice: {runner: command, command: [x], stop: {timeout: 7s}}\n");
        Write(".env", "SERVICECTL__LOCAL_PORT=8002\n");

        var shown = await _home.RunAsync(_folder, "config", "--key", "local_port", "--show-source", "--show-overridden", "--set",
            "local_port=8003");
        var json = JsonDocument.Parse((await _home.RunAsync(_folder, "config", "--key", "service.stop", "--json")).Output).RootElement;

        Assert.Matches(@"^local_port +8003 +command line\n +overrides +8002 +.*/\.env:1:24\n +overrides +8001 +.*/config\.yaml:1:13\n$",
            shown.Output);
        Assert.Equal(["service.stop.timeout", "service.stop.mode", "service.stop.signal"],
            json.EnumerateArray().Select(setting => setting.GetProperty("key").GetString()));
        Assert.Equal("00:00:07", json[0].GetProperty("value").GetString());
        Assert.Equal("7s", json[0].GetProperty("text").GetString());
        Assert.True(json[1].GetProperty("isDefault").GetBoolean());
        AssertNoAgent();
    }

    [Fact]
    public async Task A_key_that_there_is_not_is_an_error_with_the_nearest_one()
    {
        Write("config.yaml", "service: {runner: command, command: [x]}\n");

        var typo = await _home.RunAsync(_folder, "config", "--key", "service.stop.timout");
        var unknown = await _home.RunAsync(_folder, "config", "--key", "nosuch");

        Assert.All([typo, unknown], result => Assert.True(result is { Code: 1, Output: "" }, result.ToString()));
        Assert.Contains("service.stop.timeout", typo.Error, StringComparison.Ordinal);
        Assert.Contains("nosuch", unknown.Error, StringComparison.Ordinal);
        AssertNoAgent();
    }

    [Fact]
    public async Task Secrets_are_shown_only_on_request()
    {
        Write("config.yaml",
            "service: {runner: command, command: [x]}\nSECRET_KEY: hunter2\nREDIS: redis://me:hunter2@host/0\nusers: [{name: a, password: "
                + "hunter2}]\nalerts: {sl: {info: {hook: 'https://hunter2'}}}\n");

        var masked = await _home.RunAsync(_folder, "config", "--json");
        var revealed = await _home.RunAsync(_folder, "config", "--json", "--reveal");

        Assert.Equal(0, masked.Code);
        Assert.DoesNotContain("hunter2", masked.Output, StringComparison.Ordinal);
        Assert.Contains("redis://me:hunter2@host/0", revealed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_s_own_schema_is_checked_and_put_into_templates()
    {
        Write("config.schema.yaml", "keys: {db.port: {type: integer, default: 5432, description: Where it listens.}}\n");
        Write("config.yaml", "service: {runner: command, command: [x]}\ndb: {prot: 1}\n");

        var check = await _home.RunAsync(_folder, "config", "check");
        var template = await _home.RunAsync(_folder, "config", "template", "--of", ".", "--format", "toml");

        Assert.Contains("Unknown key `prot` in `db`.", check.Output, StringComparison.Ordinal);
        Assert.Contains("[db]\n# Where it listens.", template.Output.Replace("\n\n", "\n", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Contains("port = 5432", template.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_a_right_file_and_replaces_none_without_force()
    {
        var file = Path.Combine(_folder, "config.toml");

        var made = await _home.RunAsync(_folder, "config", "template", file, "--required", "--no-comments");
        var again = await _home.RunAsync(_folder, "config", "template", file);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var check = await _home.RunAsync(_folder, "config", "check");

        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal("[service]\nrunner = \"uvicorn\"\napp = \"app:app\"\nlisten = \"127.0.0.1:8001\"\n", text.TrimStart());
        Assert.Equal(1, again.Code);
        Assert.Contains("exists already", again.Error, StringComparison.Ordinal);
        Assert.True(check.Code == 0, check.ToString());
        Assert.Equal(0, (await _home.RunAsync(_folder, "config", "template", file, "--force")).Code);
    }

    [Fact]
    public async Task The_catalog_on_disk_names_services_while_no_agent_runs()
    {
        var service = new FlaskService(_home, "known");
        await _home.RunAsync("/", "register", service.Folder);
        await _home.RunAsync("/", "agent", "stop");

        var check = await _home.RunAsync("/", "config", "check", "kno*");
        var unknown = await _home.RunAsync("/", "config", "nobody");

        Assert.True(check.Code == 0, check.ToString());
        Assert.StartsWith("known: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("No service named nobody", unknown.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_home.Paths.Socket));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private void AssertNoAgent() => Assert.False(Directory.Exists(_home.Paths.Home));
}
