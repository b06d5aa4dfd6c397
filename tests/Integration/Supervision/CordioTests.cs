using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Supervision;

/// <summary>Services that are built with cordio: what they are handed, and what they show.</summary>
public sealed class CordioTests : IAsyncDisposable
{
    private const string Canary = "canary-of-the-vault";

    private static readonly string Package = Path.Combine(Repository.Root, "python", "cordio", "cordio");

    private readonly Home _home = new();

    public static TheoryData<string> Scenarios =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "samples", "scenarios")).Where(folder => File.Exists($"{folder}/up.py"))
            .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_service_gets_its_configuration_as_one_file_for_it_alone_and_shows_its_inside_to_its_agent_alone()
    {
        var service = Make(Environment.IsPrivilegedProcess ? "user: nobody, " : "");

        await service.MustAsync(ServiceAction.Start);

        Assert.Equal("""{"port":6432,"timeout":3}""", await service.GetAsync("/db"));
        var file = await service.GetAsync("/file");
        var generation = $"{_home.Paths.ServiceRun("shop")}/{(await service.StatusAsync()).Generation}";
        Assert.StartsWith(generation + "/", file, StringComparison.Ordinal);
        var stat = await CommandResult.RunAsync("/usr/bin/stat", "-c", "%U %a", file);
        Assert.Equal($"{(Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName)} 600\n", stat.Output);
        await AssertInsideAsync(service);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => service.GetAsync("/internal/state"));
        Assert.Contains("404", refused.Message, StringComparison.Ordinal);

        await _home.KillAgentAsync();
        await AssertInsideAsync(service);

        await service.MustAsync(ServiceAction.Stop);
        Assert.False(File.Exists(file));
        Assert.Null((await service.StatusAsync()).Inside);
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_configuration_of_each_scenario_is_right(string scenario)
    {
        var result = await _home.RunAsync(Path.Combine(Repository.Root, "samples", "scenarios", scenario), "config", "check");

        Assert.True(result.Code == 0 && result.Error.Length == 0, result.ToString());
    }

    private async Task AssertInsideAsync(LocalService service)
    {
        var inside = (await service.StatusAsync()).Inside!;
        Assert.Null(inside.Problem);
        Assert.Equal(["GET /db", "GET /file", "every 1h"], inside.Handlers.Select(handler => handler.Event));
        Assert.Contains("\"port\":6432", inside.Configuration, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(inside), StringComparison.Ordinal);
        var page = await _home.RunAsync(service.Folder, "status", "shop");
        Assert.Contains("| every 1h: __main__.tick, 0 runs, next at ", page.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, page.Output, StringComparison.Ordinal);
    }

    private LocalService Make(string more)
    {
        var service = new LocalService(_home, "shop", $$$"""
            service:
              {runner: command, command: [/usr/bin/python3, -B, up.py], listen: 127.0.0.1:PORT, {{{more}}}socket: pass,
               ready: {http: /ping}, health: {state: /internal/state}}
            db: {port: "6432", vault: {{{Canary}}}}
            """,
            ("config.schema.yaml", """
                keys: {db.port: integer, db.timeout: {type: duration, default: 3s}, db.vault: {type: text, secret: true}}
                """),
            ("up.py", """
                import os
                from cordio import App
                app = App("shop")

                @app.on("GET /db")
                async def db(config):
                    return {key: config["db." + key] for key in ("port", "timeout")}

                @app.on("GET /file")
                async def file():
                    return os.environ["SERVICECTL_CONFIG"]

                @app.on("every 1h")
                async def tick(): ...

                raise SystemExit(app.run())
                """));
        Directory.CreateDirectory(Path.Combine(service.Folder, "cordio"));
        foreach (var source in Directory.GetFiles(Package, "*.py"))
            File.Copy(source, Path.Combine(service.Folder, "cordio", Path.GetFileName(source)));
        ThrowawayUser.Open(service.Folder);
        return service;
    }
}
