// Longer than 300 lines: a test for each promise of one chapter, in its order.
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Search;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration;

/// <summary>
/// What CorDio's specification promised about configuration, one test for each of its lines that has an example or a rule.
/// </summary>
public sealed class CordioPromisesTests : IDisposable
{
    private static readonly SchemaKey<int> Port = new("db.port", ConfigTypes.Integer(1, 65535),
        "The database's port.")
    { IsRequired = true };
    private static readonly SchemaKey<TimeSpan> Timeout = new("db.timeout", ConfigTypes.Duration,
        "How long it may take.")
    { Default = "3s" };
    private static readonly ConfigurationSchema Schema = new([], [Port, Timeout]);

    private static readonly ConfigurationPlan Plan = new() { Folder = "/", Prefix = "APP" };

    private readonly ProjectFolder _app = new();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task One_set_of_values_is_composed_from_sources_of_several_kinds_by_priority()
    {
        _app.With("config/main.yaml", "a: file\nb: file\nc: file\nd: file").With(".env", "APP__C=env file\nAPP__D=env file");

        var check = await _app.CheckAsync(Plan with
        {
            Environment = new Dictionary<string, string>
            {
                ["APP__B"] = "environment",
                ["APP__C"] = "environment",
                ["APP__D"] = "environment",
                ["OTHER"] = "x"
            },
            Settings = [new("d", "command line")],
        });

        Assert.Equal("{a: file, b: environment, c: env file, d: command line}", check.Root.ToString());
    }

    [Fact]
    public async Task The_priority_of_sources_can_be_changed()
    {
        _app.With("config/main.yaml", "a: file").With(".env", "APP__A=env file");
        var plan = Plan with { Environment = new Dictionary<string, string> { ["APP__A"] = "environment" } };

        var check = await _app.CheckAsync(plan with { Order = [SourceKind.EnvFiles, SourceKind.Files, SourceKind.Environment] });

        Assert.Equal("environment", check.Root.Find("a")!.ToString());
        Assert.Equal(["file", "env file"], check.Root.Find("a")!.Replaced.Select(value => value.ToString()));
        Assert.Equal("file", (await _app.CheckAsync(plan with { Order = [SourceKind.Files] })).Root.Find("a")!.ToString());
    }

    [Theory]
    [InlineData("main.yaml", "db: {host: a, port: 1}\nlog: {level: info}")]
    [InlineData("main.json", "{\"db\": {\"host\": \"a\", \"port\": 1}, \"log\": {\"level\": \"info\"}}")]
    public async Task Values_may_be_in_one_file_with_sections(string name, string text) => Assert.Equal(
        "{db: {host: a, port: 1}, log: {level: info}}", (await _app.With($"config/{name}", text).CheckAsync(Plan)).Root.ToString());

    [Fact]
    public async Task Values_may_be_split_into_files_that_are_sections()
    {
        _app.With("etc/db.yaml", "host: a\nport: 1").With("etc/log.toml", "level = 'info'").With("etc/main.json", "{\"name\": \"api\"}");

        var check = await _app.CheckAsync(Plan);

        Assert.Equal("{db: {host: a, port: 1}, log: {level: info}, name: api}", check.Root.ToString());
        Assert.EndsWith("etc/db.yaml:2:7", check.Root.Find("db.port")!.Origin.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main.toml", "[db]\nport = 5432 # TOML")]
    [InlineData("main.ini", "[db]\nport = 5432 ; or its poorer cousin, INI")]
    [InlineData("main.yaml", "db:\n  port: 5432 # YAML")]
    [InlineData("main.json", "{\"db\": {\"port\": 5432}}")]
    [InlineData("main.jsonc", "{\"db\": {\"port\": 5432, /* JSON with comments */ }}")]
    public async Task A_file_is_read_in_the_format_of_its_extension(string name, string text)
    {
        var check = await _app.With($"etc/{name}", text).CheckAsync(Plan, Schema);

        Assert.Empty(check.Problems);
        Assert.Equal(5432, check.Configuration!.Get(Port));
    }

    [Theory]
    [InlineData("settings", "[db]\nport = 5432")]
    [InlineData("settings", "{\"db\": {\"port\": 5432}}")]
    [InlineData("settings.conf", "db:\n  port: 5432")]
    [InlineData("settings", "[db]\nport = 5432\nname = no quotes")]
    [InlineData("settings", "export DB__PORT=5432")]
    public async Task Without_an_extension_all_formats_are_tried(string name, string text)
    {
        var check = await _app.With(name, text).CheckAsync(Plan with { First = [_app[name]], Places = [] }, Schema);

        Assert.Empty(check.Problems);
        Assert.Equal(5432, check.Configuration!.Get(Port));
    }

    [Fact]
    public async Task A_file_that_no_format_can_read_is_told_with_the_fault_of_the_one_that_came_farthest()
    {
        var check = await _app.With("settings", "[db]\nport = 5432\nhost = \"a\n")
            .CheckAsync(Plan with { First = [_app["settings"]], Places = [] });

        var problem = Assert.Single(check.Problems);
        Assert.Contains("none of JSON, TOML, YAML, INI, .env; read as", problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, problem.Line);
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_in_the_format_of_its_extension_stops_or_is_read_in_another_on_request()
    {
        _app.With("config/main.json", "[db]\nport = 5432");

        Assert.Single((await _app.CheckAsync(Plan)).Problems);
        var tried = await _app.CheckAsync(Plan with { Faults = FaultPolicy.Try }, Schema);

        Assert.Equal(5432, tried.Configuration!.Get(Port));
        Assert.Contains("read as TOML, though its name says JSON", Assert.Single(tried.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_no_format_takes_is_a_fault_also_when_all_were_tried() => Assert.Contains(
        "main.json:1:",
        Assert.Single((await _app.With("config/main.json", "{").CheckAsync(Plan with { Faults = FaultPolicy.Try })).Problems).Place,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("regex:^conf[a-z]+/.*\\.ya?ml$")]
    [InlineData("config/**/*.y*ml")]
    [InlineData("*.{yml,yaml}")]
    public void Files_are_searched_by_regular_expressions_or_by_patterns_as_in_gitignore(string pattern)
    {
        _app.With("config/b.yaml", "").With("config/inner/a.yml", "").With("config/c.txt", "").With(".hidden/d.yaml", "");

        Assert.Equal(["config/inner/a.yml", "config/b.yaml"], _app.Find(pattern));
    }

    [Fact]
    public void The_search_takes_relative_and_absolute_folders()
    {
        _app.With("one/a.yaml", "").With("two/b.yaml", "");
        Assert.Equal([_app["one/a.yaml"], _app["two/b.yaml"]], Places("one/*.yaml", _app["two"]));
    }

    [Theory]
    [InlineData("b.yaml c/a.yaml", "b.yaml", "c")]
    [InlineData("c/a.yaml b.yaml", "{b,c/a}.yaml")]
    [InlineData("b.yaml nowhere.yaml", "./b.yaml", "nowhere.yaml")]
    [InlineData("c/a.yaml", "*.yaml", "!b.yaml")]
    [InlineData("b.yaml", "*.yaml", "!c")]
    [InlineData("b.yaml", "*.yaml", "!c/*")]
    [InlineData("c/a.yaml", "regex:^c/.*ml$")]
    public void Places_are_in_their_order_and_may_take_away(string expected, params string[] places)
    {
        _app.With("b.yaml", "").With("c/a.yaml", "").With("c/notes.txt", "");

        Assert.Equal(expected.Split(' ').Select(file => _app[file]), Places(places));
    }

    [Fact]
    public void Files_are_ordered_by_their_names_without_the_path()
    {
        _app.With("z/10-first.yaml", "").With("a/20-second.yaml", "").With("m/30-third.yaml", "").With("b/30-third.yaml", "");

        Assert.Equal(["z/10-first.yaml", "a/20-second.yaml", "b/30-third.yaml", "m/30-third.yaml"], _app.Find("*.yaml"));
    }

    [Fact]
    public async Task Of_keys_in_several_files_the_last_wins_when_that_is_asked_for()
    {
        _app.With("etc/10.yaml", "a: 1\nb: {c: 1, d: 1}").With("etc/20.toml", "b.c = 2");

        var check = await _app.CheckAsync(Plan with { Duplicates = DuplicatePolicy.Last });

        Assert.Empty(check.Problems);
        Assert.Equal("{a: 1, b: {c: 2, d: 1}}", check.Root.ToString());
        Assert.EndsWith("etc/10.yaml:2:8", Assert.Single(check.Root.Find("b.c")!.Replaced).Origin.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_in_several_files_stop_by_default()
    {
        _app.With("etc/10.yaml", "a: 1\nb: {c: 1, d: 1}").With("etc/20.toml", "b.c = 1");

        var problem = Assert.Single((await _app.CheckAsync(Plan)).Problems);

        Assert.Equal((_app["etc/20.toml"], 1, 3, "b.c"), (problem.Source, problem.Line, problem.Column, problem.Key));
        Assert.Contains($"{_app["etc/10.yaml"]}:2:5", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_can_not_be_parsed_stops_by_default()
    {
        _app.With("config/main.yaml", "a: [1");

        var check = await _app.CheckAsync(Plan);

        Assert.Null(check.Configuration);
        Assert.Equal(_app["config/main.yaml"], Assert.Single(check.Problems).Source);
    }

    [Fact]
    public async Task A_file_that_can_not_be_parsed_is_told_and_left_out_when_that_is_asked_for()
    {
        _app.With("etc/10.yaml", "a: 1").With("etc/20.yaml", "b: 1\nb: 2").With("etc/30.json", "{");
        File.CreateSymbolicLink(_app["etc/40.yaml"], _app["etc/nowhere"]);
        File.CreateSymbolicLink(_app["etc/50.yaml"], _app["etc/50.yaml"]);

        var check = await _app.CheckAsync(Plan with { Faults = FaultPolicy.Skip });

        Assert.Equal("{a: 1}", check.Configuration!.Root.ToString());
        Assert.Equal(["20.yaml", "30.json", "40.yaml", "50.yaml"], check.Warnings.Select(warning => Path.GetFileName(warning.Source)));
    }

    [Fact]
    public async Task By_default_main_json_and_main_yaml_below_config_come_first_then_other_files_and_the_env_file()
    {
        _app.With("config/main.yaml", "a: 1").With("config/x/y/main.json", "{\"b\": 2}").With("config/0.yaml", "a: 3")
            .With("main.yaml", "d: 4").With(".env", "APP__E=5");

        Assert.Equal("{a: 3, b: 2, e: 5}", Sorted((await _app.CheckAsync(Plan with { Duplicates = DuplicatePolicy.Last })).Root));
    }

    [Fact]
    public async Task Files_of_any_name_in_config_and_etc_are_read()
    {
        _app.With("config/b.yaml", "b: {c: 2}").With("etc/c.json", "{\"d\": 3}").With("etc/notes.txt", "d: 4").With("other.yaml", "e: 5")
            .With("etc/.hidden.yaml", "f: 6").With("config/config.schema.yaml", "keys: {}");

        Assert.Equal("{b: {c: 2}, c: {d: 3}}", Sorted((await _app.CheckAsync(Plan)).Root));
    }

    [Theory]
    [InlineData(SectionPolicy.Usual, "{app: {a: 1}, b: {c: 1}, d: {e: 1}, f: 1, service: {runner: uv}}")]
    [InlineData(SectionPolicy.Always, "{app: {app: {a: 1}}, b: {c: 1}, d: {service: {runner: uv}, d: {e: 1}}, 10: {f: 1}}")]
    [InlineData(SectionPolicy.Never, "{app: {a: 1}, c: 1, d: {e: 1}, f: 1, service: {runner: uv}}")]
    public async Task Which_files_are_sections_can_be_chosen(SectionPolicy policy, string expected)
    {
        _app.With("etc/app.yaml", "app: {a: 1}").With("etc/b.yaml", "c: 1").With("etc/d.yaml", "service: {runner: uv}\nd: {e: 1}")
            .With("etc/10.yaml", "f: 1");

        var check = await _app.CheckAsync(Plan with { Sections = policy, RootSections = ["service"] });

        Assert.Equal(Sorted(TextSource.Read(expected)), Sorted(check.Root));
    }

    [Fact]
    public async Task The_smallest_project_has_etc_main_json() => Assert.Equal(
        "{name: my_app}", (await _app.With("etc/main.json", "{\"name\": \"my_app\"}").With("up.py", "").CheckAsync(Plan)).Root.ToString());

    [Fact]
    public async Task Values_are_validated_by_type_and_presence()
    {
        var missing = await _app.With("config/main.yaml", "db: {timeout: soon}").CheckAsync(Plan, Schema);

        Assert.Equal(["db.port", "db.timeout"], missing.Problems.Select(problem => problem.Key).Order());
    }

    [Fact]
    public async Task Values_are_converted_and_have_defaults()
    {
        var check = await _app.CheckAsync(
            Plan with { Environment = new Dictionary<string, string> { ["APP__DB__PORT"] = "5432" } }, Schema);

        Assert.Equal(5432, check.Configuration!.Get(Port));
        Assert.Equal(TimeSpan.FromSeconds(3), check.Configuration.Get(Timeout));
    }

    [Fact]
    public async Task A_consumer_gets_the_slice_it_needs() => Assert.Equal(
        "{host: a, port: 1}",
        (await _app.With("config/main.yaml", "db: {host: a, port: 1}\nlog: {}").CheckAsync(Plan)).Root.Find("db")!.ToString());

    [Fact]
    public async Task The_effective_values_are_shown_with_their_source()
    {
        _app.With("config/main.yaml", "db:\n  port: 1\n  hosts: [a, b]").With(".env", "\nAPP__DB__PORT = 2");

        var check = await _app.CheckAsync(Plan with { Settings = [new("db.timeout", "5s")] }, Schema);

        Assert.Equal(
            [
                ("db.port", "2", $"{_app[".env"]}:2:17"),
                ("db.hosts", "[a, b]", $"{_app["config/main.yaml"]}:3:10"),
                ("db.timeout", "5s", "command line"),
            ],
            ConfigSetting.Of(check.Root).Select(setting => (setting.Path, setting.Value.ToString()!, setting.Value.Origin.Place)));
        Assert.Equal("APP__DB__PORT", check.Root.Find("db.port")!.Origin.Variable);
    }

    private IReadOnlyList<string> Places(params string[] places) =>
        SearchPlace.FindAll([.. places.Select(SearchPlace.Parse)], _app.Path, new SearchTrace(), new ProblemList(), CancellationToken.None);

    private static string Sorted(ConfigMapping root) =>
        "{" + string.Join(", ", root.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => $"{entry.Key}: {entry.Value}")) + "}";
}
