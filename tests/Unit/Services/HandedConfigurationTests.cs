using System.Text.Json;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

/// <summary>The composed configuration, as a service gets it.</summary>
public sealed class HandedConfigurationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("handed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Values_are_composed_typed_and_completed_by_the_services_own_schema()
    {
        Write("config.yaml", """
            service: {runner: command, command: [sleep, '1'], use: redis}
            name: &name shop
            text: !join [*name, _, 7]
            db: {host: here, port: "6432"}
            big: 123456789012345678901234567890
            list: [1, two, {three: 3}]
            empty:
            """);
        Write("config.schema.yaml", """
            keys:
              db.host: text
              db.port: integer
              db.timeout: {type: duration, default: 1m30s}
              db.dsn: {type: text, secret: true}
              cache.size: {type: integer, default: 5}
              cache.names: {type: list of text, default: [a, b]}
              cache.sizes: {type: list of integer, default: [1, 2]}
              cache.old: {type: map of text}
            """);
        Write(".env", "SERVICECTL__DB__DSN=s3cr3t\n");

        using var file = JsonDocument.Parse(await HandAsync());
        var root = file.RootElement;
        var config = root.GetProperty("config");

        Assert.Equal(("shop-1", 3, 1), (root.GetProperty("service").GetString(), root.GetProperty("generation").GetInt32(),
            root.GetProperty("instance").GetInt32()));
        Assert.Equal(_folder, root.GetProperty("folder").GetString());
        Assert.Equal("shop_7", config.GetProperty("text").GetString());
        Assert.Equal("""{"host":"here","port":6432,"dsn":"s3cr3t","timeout":90}""", config.GetProperty("db").GetRawText());
        Assert.Equal("""{"size":5,"names":["a","b"],"sizes":[1,2]}""", config.GetProperty("cache").GetRawText());
        Assert.Equal("123456789012345678901234567890", config.GetProperty("big").GetRawText());
        Assert.Equal("""[1,"two",{"three":3}]""", config.GetProperty("list").GetRawText());
        Assert.Equal(JsonValueKind.Null, config.GetProperty("empty").ValueKind);
        Assert.Equal(6379, config.GetProperty("redis").GetProperty("port").GetInt32());
        Assert.Equal("command", config.GetProperty("service").GetProperty("runner").GetString());
        Assert.Contains("db.dsn", root.GetProperty("secrets").EnumerateArray().Select(path => path.GetString()));
    }

    [Fact]
    public async Task Each_launch_has_a_token_of_its_own()
    {
        Write("config.yaml", "service: {runner: command, command: [sleep, '1']}\n");

        var tokens = new[] { await HandAsync(), await HandAsync() }.Select(HandedConfiguration.TokenIn).ToArray();

        Assert.All(tokens, token => Assert.Matches("^[0-9a-f]{32}$", token));
        Assert.NotEqual(tokens[0], tokens[1]);
        Assert.Null(HandedConfiguration.TokenIn("[]x"u8.ToArray()));
    }

    private async Task<byte[]> HandAsync()
    {
        var definition = await ServiceDefinitionReader.ReadAsync(_folder, "shop-1", TestContext.Current.CancellationToken);
        return definition.Handed!.For(definition, generation: 3, instance: 1);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
