using System.Text.Json;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Services;

/// <summary>
/// A key's default is written once, in the schema: what a definition is made of, the rules' own values and the reference page all say it.
/// </summary>
public sealed class DefaultsTests : IDisposable
{
    /// <summary>Sections that are there only when they are written.</summary>
    private static readonly string[] Minimal =
    [
        "service.runner=command", "service.command=[sleep, '1']", "service.listen=127.0.0.1:8001", "service.ready.http=/ping",
        "service.health.http=/ping", "service.respond.enabled=true", "service.json_log.file=/tmp/a.json",
    ];

    /// <summary>Not beside the default of <c>alerts.mail.sendmail</c>.</summary>
    private static readonly string[] MailServer =
        ["alerts.mail.smtp.host=mail.example.org", "alerts.mail.critical.to=[ops@example.org]"];

    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public static TheoryData<string> Keys => [.. ServiceSchema.Schema.Keys.Where(key => key.Default is not null).Select(key => key.Path)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_default_that_is_written_out_changes_nothing(string path)
    {
        SchemaKey key = ServiceSchema.Schema.Find(path)!;
        string[] needed = path.StartsWith("alerts.mail.smtp.", StringComparison.Ordinal) ? MailServer : [];

        Assert.Equal(await ReadAsync(needed), await ReadAsync([.. needed, $"{path}={key.Default}"]));
    }

    [Fact]
    public async Task Rules_that_are_made_without_a_configuration_have_the_same_defaults()
    {
        ServiceDefinition read = await DefineAsync([]);

        Assert.Equal(new RestartRule(), read.Restart);
        Assert.Equal(new StopRule(), read.Stop);
        Assert.Equal(new LogRule(), read.Logs);
        Assert.Equal(new MessageRule(), read.Messages);
        Assert.Equal(new RelogRule(), read.Relog);
        Assert.Equal(new AuthRule(), read.Auth);
        Assert.Equal(new EnvironmentRule(), read.Venv);
        Assert.Equal(new ReadinessRule { HttpPath = ProbeKeys.UsualPage }, read.Ready);
        Assert.Equal(new HealthRule { HttpPath = ProbeKeys.UsualPage }, read.Health);
        Assert.Equal(new RespondRule(), read.Respond);
        Assert.Equal(new JsonLogRule { File = "/tmp/a.json" }, read.JsonLog);
        Assert.Equal((new ConsulRule().Host, new ConsulRule().Port), (read.Consul.Host, read.Consul.Port));
        var bare = new ServiceDefinition { Name = "a", Folder = "/", ConfigPath = "/a", Runner = "command" };
        Assert.Equal((bare.Instances, bare.OnChange, bare.WrapperName), (read.Instances, read.OnChange, read.WrapperName));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_reference_page_says_the_default(string path)
    {
        string row = File.ReadLines(Path.Combine(Repository.Root, "docs", "configuration.md"))
            .Single(line => line.StartsWith($"| `{path}` |", StringComparison.Ordinal));

        Assert.Contains($"| `{ServiceSchema.Schema.Find(path)!.Default}` |", row, StringComparison.Ordinal);
    }

    private async Task<string> ReadAsync(params string[] more)
    {
        ServiceDefinition definition = await DefineAsync(more);
        // Whether Consul is mentioned is no value: it is that somebody wrote its address.
        return JsonSerializer.Serialize(definition with { Consul = definition.Consul with { IsMentioned = false } });
    }

    private async Task<ServiceDefinition> DefineAsync(string[] more)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), "{}");
        var request = new SourceRequest
        {
            Settings = [
                .. Minimal.Concat(more).Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
        };
        return await ServiceDefinitionReader.ReadAsync(_folder, "a", TestContext.Current.CancellationToken, request);
    }
}
