using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

/// <summary>Which sources a service's configuration has: by its folder, by <c>service.sources</c>, by what was asked for.</summary>
public sealed class ServiceSourcesTests : IDisposable
{
    private const string Runner = "service: {runner: command, command: [x]}\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task One_file_reads_others_only_where_it_says_so()
    {
        With("config.yaml", Runner + "a: 1\n").With("config/b.yaml", "c: 2").With("more/d.toml", "e = 3");
        Assert.Null((await ReadAsync()).Check.Root.Find("b"));

        With("config.yaml", "service: {runner: command, command: [x], sources: {files: [config, 'more/*.toml']}}\na: 1\n");
        var check = (await ReadAsync()).Check;

        Assert.Empty(check.Problems);
        Assert.Equal(("1", "2", "3"), (Value(check, "a"), Value(check, "b.c"), Value(check, "d.e")));
    }

    [Fact]
    public async Task Files_that_say_where_to_search_are_read_whatever_they_say()
    {
        With("etc/service.yaml", "runner: command\ncommand: [x]\nsources: {files: 'conf.d/*.{ini,yaml}'}\n").With("etc/left.yaml", "out: 1")
            .With("conf.d/a.ini", "[b]\nc = 1");
        var check = (await ReadAsync()).Check;

        Assert.Empty(check.Problems);
        Assert.Equal("1", Value(check, "a.b.c"));
        Assert.Null(check.Root.Find("left"));
    }

    [Fact]
    public async Task Duplicates_and_faults_are_treated_as_it_says()
    {
        With("config/main.yaml", Runner + "a: 1\n").With("config/10-more.yaml", "a: 2").With("config/20-broken.json", "b = 3");
        Assert.Equal(2, (await ReadAsync()).Check.Problems.Count);

        With("config/30-rules.yaml", "service: {sources: {on_duplicate: last, on_fault: try}}");
        var tried = (await ReadAsync()).Check;
        Assert.Empty(tried.Problems);
        Assert.Equal(("2", "3"), (Value(tried, "a"), Value(tried, "b")));

        With("config/30-rules.yaml", "service: {sources: {on_duplicate: last, on_fault: skip}}");
        var skipped = (await ReadAsync()).Check;
        Assert.Null(skipped.Root.Find("b"));
        Assert.EndsWith("20-broken.json", Assert.Single(skipped.Warnings).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_counts_only_where_it_is_the_services_own_below_the_env_file_and_in_another_order_on_request()
    {
        With("config.yaml", "service: {runner: command, command: [x], sources: {prefix: APP}}\na: file\nb: file\n")
            .With(".env", "APP__B=env file\n");
        var request =
            new SourceRequest
            {
                Environment = new Dictionary<string, string>
                {
                    ["APP__A"] = "environment",
                    ["APP__B"] = "environment",
                    ["SERVICECTL__A"] = "x"
                }
            };

        Assert.Equal("file", Value((await ReadAsync()).Check, "a"));
        var own = (await ReadAsync(request)).Check;
        Assert.Equal(("environment", "env file"), (Value(own, "a"), Value(own, "b")));
        Assert.Equal("environment:APP__A", own.Root.Find("a")!.Origin.Place);

        With("config.yaml",
            "service: {runner: command, command: [x], sources: {prefix: APP, order: [files, env-files, environment]}}\na: file\nb: file\n");
        Assert.Equal("environment", Value((await ReadAsync(request)).Check, "b"));
    }

    [Fact]
    public async Task What_is_asked_for_counts_instead_of_what_the_folder_has()
    {
        With("config.yaml", Runner + "a: 1\n").With("other/x.yaml", Runner + "a: 2\n").With("20-last.json", "{\"a\": 3}");

        var one = await ReadAsync(SourceRequest.Of(["other/*.yaml"]));
        Assert.Equal($"{_folder}/", one.ConfigPath);
        Assert.Equal("2", Value(one.Check, "a"));

        var both = await ReadAsync(
            SourceRequest.Of(["other", "20-last.json"]) with { Settings = [new("service.sources.on_duplicate", "last")] });
        Assert.Empty(both.Check.Problems);
        Assert.Equal("3", Value(both.Check, "a"));

        var none = Assert.Single((await ReadAsync(SourceRequest.Of(["nothing/*.yaml"]))).Check.Problems);
        Assert.Equal("No configuration was found at nothing/*.yaml.", none.Message);
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(() => SourceRequest.Of(["{a,b*"])).Code);
    }

    [Fact]
    public async Task Without_a_file_the_environment_alone_may_be_the_configuration()
    {
        var request = SourceRequest.Of(["environment"]) with
        {
            Environment = new Dictionary<string, string>
            {
                ["SERVICECTL__SERVICE__RUNNER"] = "command",
                ["SERVICECTL__SERVICE__COMMAND"] = "[sleep, 1]"
            }
        };

        Assert.Equal("command",
            (await ServiceDefinitionReader.ReadAsync(_folder, "x", TestContext.Current.CancellationToken, request)).Runner);
    }

    [Theory]
    [InlineData("config/main.yaml", "config/main.yaml", "")]
    [InlineData("etc/x.toml", "", "")]
    [InlineData("etc/x.toml", "etc", "")]
    [InlineData("config/config.yaml", "config/config.yaml", "config/config.yaml")]
    [InlineData("config.yaml", "config/gone.yaml", null)]
    [InlineData("config/main.yaml", "config.yaml", "")]
    public void A_path_means_the_configuration_that_it_is_a_part_of(string file, string path, string? expected)
    {
        With(file, "a: 1");

        var meant = ServiceSources.Meant(Path.TrimEndingDirectorySeparator(Path.Combine(_folder, path)));

        Assert.Equal(
            expected is null ? Path.Combine(_folder, path) : Path.Combine(_folder, expected) is var full && expected.Length == 0
                ? $"{_folder}/" : full, meant);
    }

    [Theory]
    [InlineData("config/.hidden.yaml")]
    [InlineData("config/notes.txt")]
    [InlineData("config/config.schema.yaml")]
    [InlineData("etc/variables.env")]
    [InlineData("conf/main.yaml")]
    public void Other_files_make_no_folder_a_services(string file)
    {
        With(file, "a: 1");

        Assert.Null(ServiceSources.FindConfig(_folder));
    }

    [Fact]
    public void The_etc_of_the_host_is_nobodys_service() =>
        Assert.All(["/", "/usr", "/usr/local", "/etc"], folder => Assert.Null(ServiceSources.FindConfig(folder)));

    private ServiceSourcesTests With(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllText(Path.Combine(_folder, name), text);
        return this;
    }

    private Task<ServiceConfiguration> ReadAsync(SourceRequest? request = null) =>
        ServiceConfiguration.ReadAsync(_folder, request ?? SourceRequest.Usual, TestContext.Current.CancellationToken);

    private static string? Value(ConfigurationCheck check, string path) => check.Root.Find(path)?.ToString();
}
