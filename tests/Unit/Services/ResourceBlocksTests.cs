using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Services;

/// <summary>The ready-made keys of <c>service.use</c>.</summary>
public sealed class ResourceBlocksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;

    public static TheoryData<string> Names => [.. ResourceBlocks.Names];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_a_right_schema_with_described_keys_and_a_secret(string name)
    {
        var problems = new ProblemList();
        var block = ResourceBlocks.Read(name, ServiceSchema.Schema, problems);

        Assert.Empty(problems.Sorted());
        Assert.All(block.Keys, key => Assert.StartsWith($"{name}.", key.Path, StringComparison.Ordinal));
        Assert.All(block.Keys, key => Assert.NotEmpty(key.Description));
        Assert.Contains(block.Keys, key => key.IsSecret);
    }

    [Fact]
    public async Task A_service_gets_types_defaults_and_masking_for_what_it_uses()
    {
        var check = await ReadAsync(
            "service: {runner: command, command: [x], use: [postgres, redis]}\npostgres: {url: 'postgresql://a', port: 70000, hots: "
                + "x}\nsentry: {anything: goes}\n");

        Assert.Equal(["postgres.hots", "postgres.port"], check.Check.Problems.Select(problem => problem.Key).Order());
        Assert.Contains("Did you mean `host`?", check.Check.Problems.Select(problem => problem.Advice));
        Assert.True(check.Mask.IsSecret("postgres.url"));
        Assert.Equal("6379", check.Schema.Find("redis.port")!.Default);
        Assert.Null(check.Schema.Find("sentry.dsn"));
    }

    [Fact]
    public async Task What_the_services_own_schema_says_counts_more()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.schema.yaml"), "keys:\n  redis.port: {type: integer, default: 7000}\n");

        var check = await ReadAsync("service: {runner: command, command: [x], use: redis}\n");

        Assert.Empty(check.Check.Problems);
        Assert.Equal("7000", check.Schema.Find("redis.port")!.Default);
        Assert.Equal("localhost", check.Schema.Find("redis.host")!.Default);
    }

    private async Task<ServiceConfiguration> ReadAsync(string config)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "config.yaml"), config);
        return await ServiceConfiguration.ReadAsync(_folder, SourceRequest.Usual, TestContext.Current.CancellationToken);
    }
}
