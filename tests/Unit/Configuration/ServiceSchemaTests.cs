using System.Reflection;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Sources;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class ServiceSchemaTests
{
    private const string Sample = """
        # the predecessor's shape
        root: &root /srv/api
        SERVICE_NAME: &name api
        api_directory: *root
        env_directory: !join [*root, /venv]
        pid_file: !join [*root, /tmp/, *name, .pid]
        local_port: &port 8001
        SERVER_PORT: *port
        CONSUL_REG: "0"
        TAGS: [prod]
        DELETE_LOGS_DAYS: "0.5"
        RELOG_FILES: uwsgi.*\.log
        DEBUG: "0"
        SECRET_KEY: abc
        WTF_CSRF_TIME_LIMIT: 60
        directories_to_create:
          - log
          - tmp
        uwsgi:
          config_file: uwsgi.ini
          http: !join ["127.0.0.1:", *port]
          logto: "%n.log"
          cron2: [a, b]
        service:
          ready: {http: /ping, timeout: 45s}
          stop: {timeout: 1m}
        """;

    [Fact]
    public async Task A_config_of_the_predecessor_is_read_as_it_is()
    {
        var configuration = await ReadAsync(Sample);

        Assert.Equal("api", configuration.Get(RegistrationKeys.ServiceName));
        Assert.Equal("/srv/api/venv", configuration.Get(PathKeys.EnvDirectory));
        Assert.Equal("/srv/api/tmp/api.pid", configuration.Get(PathKeys.PidFile));
        Assert.Equal(8001, configuration.Get(RegistrationKeys.ServerPort));
        Assert.False(configuration.Get(RegistrationKeys.ConsulRegistration));
        Assert.Equal(0.5, configuration.Get(RelogKeys.DeleteLogsDays));
        Assert.Equal(["/srv/api/log", "/srv/api/tmp"], configuration.Get(PathKeys.DirectoriesToCreate));
        Assert.Equal(
            ["config_file=uwsgi.ini", "http=127.0.0.1:8001", "logto=%n.log", "cron2=a", "cron2=b"],
            configuration.Get(UwsgiKeys.Options).Select(option => $"{option.Name}={option.Value}"));
        Assert.Equal("60", configuration.Find("WTF_CSRF_TIME_LIMIT")!.ToString());
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public async Task What_is_not_written_has_its_default_or_none()
    {
        var configuration = await ReadAsync("{}");

        Assert.Equal(TimeSpan.FromSeconds(30), configuration.Get(ReadinessKeys.Timeout));
        Assert.Equal(RestartWhen.Always, configuration.Get(RestartKeys.When));
        Assert.Equal(new Rate(5, TimeSpan.FromMinutes(1)), configuration.Get(RestartKeys.GiveUp));
        Assert.Equal("TERM", configuration.Get(StopKeys.Signal).Name);
        Assert.False(configuration.IsSet(ReadinessKeys.Timeout));
        Assert.Null(configuration.GetOrNull(ServiceKeys.App));
        Assert.Null(configuration.GetNullable(RegistrationKeys.LocalPort));
        Assert.Throws<InvalidOperationException>(() => configuration.Get(ServiceKeys.App));
    }

    [Fact]
    public async Task A_null_takes_a_value_back_to_its_default()
    {
        var configuration = await ConfigurationReader.ReadAsync(
            [new TextSource("service: {ready: {timeout: 5s}}"), new OverrideSource([new("service.ready.timeout", "")])],
            ServiceSchema.Schema, "/srv/api", TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(30), configuration.Get(ReadinessKeys.Timeout));
    }

    [Fact]
    public async Task The_higher_source_wins_and_its_fault_is_told_as_its_own()
    {
        var exception = await Assert.ThrowsAsync<ServiceCtlException>(() => ConfigurationReader.ReadAsync(
            [new TextSource("local_port: 8001"), new OverrideSource([new("local_port", "eighty")])],
            ServiceSchema.Schema, "/srv/api", TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.ConfigInvalid, exception.Code);
        Assert.Equal("command line", Assert.Single(exception.Report.Problems).Source);
        Assert.Contains("`eighty`", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probable_slip_at_the_top_is_a_warning_and_the_service_s_own_keys_are_not()
    {
        var configuration = await ReadAsync("local_prot: 8001\nSERVER_NAME: x\nSESSION_COOKIE_NAME: y\n");

        Assert.Contains("Did you mean `local_port`?", Assert.Single(configuration.Warnings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_between_keys_has_the_place_of_the_key_or_of_its_section()
    {
        var configuration = await ReadAsync("service:\n  ready: {http: /ping, timeout: 1s}\n");

        Assert.Equal("config.yaml:2:17", configuration.Problem(ReadinessKeys.Page.Http, "m", "a").Place);
        Assert.Equal("config.yaml:2:10", configuration.Problem(ReadinessKeys.Log, "m", "a").Place);
        Assert.Equal("config.yaml:1:1", configuration.Problem(RegistrationKeys.LocalPort, "m", "a").Place);
    }

    [Fact]
    public void Every_key_that_is_declared_is_in_the_schema()
    {
        var declared = typeof(ServiceKeys).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ServiceKeys).Namespace)
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType.IsAssignableTo(typeof(SchemaKey)))
            .Select(property => (Key: (SchemaKey)property.GetValue(null)!,
                Schema: property.DeclaringType == typeof(HostFailureKeys) ? HostFailureKeys.Schema : ServiceSchema.Schema))
            .ToList();

        Assert.NotEmpty(declared);
        Assert.All(declared, one => Assert.Same(one.Key, one.Schema.Find(one.Key.Path)));
    }

    [Fact]
    public async Task Every_example_and_default_in_the_schema_is_right()
    {
        foreach (var key in ServiceSchema.Schema.Keys)
        {
            var context = new ConversionContext(key.Path, null, isSecret: false, "/srv/api", new ProblemList());
            var written = TextSource.Read($"key: {key.Example}").Find("key")!;
            Assert.True(key.Type.ConvertBoxed(written, context) is not null, $"{key.Path}: {key.Example}");
            Assert.EndsWith(".", key.Description, StringComparison.Ordinal);
            if (key.Default is not null)
                Assert.True(
                    key.Type.ConvertBoxed(YamlReader.ReadValue(key.Default, Origin.Default, new ProblemList()), context) is not null,
                    key.Path);
        }

        Assert.NotNull(await ReadAsync("{}"));
    }

    [Fact]
    public void Every_section_of_the_keys_is_described()
    {
        var sections = ServiceSchema.Schema.Sections.Select(section => section.Path).ToHashSet();

        Assert.All(ServiceSchema.Schema.Keys, key =>
        {
            for (var dot = key.Path.LastIndexOf('.'); dot > 0; dot = key.Path.LastIndexOf('.', dot - 1))
                Assert.Contains(key.Path[..dot], sections);
        });
    }

    private static Task<ResolvedConfiguration> ReadAsync(string text) =>
        ConfigurationReader.ReadAsync([new TextSource(text)], ServiceSchema.Schema, "/srv/api", TestContext.Current.CancellationToken);
}
