using System.Text.Json.Nodes;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Remote;

/// <summary>The log file of a wrapper-kit project: lines of JSON, secrets masked, floods thinned out, rotated as config.yml says.</summary>
public sealed class JsonLogTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Lines_are_JSON_with_secrets_masked_and_equal_ones_sampled()
    {
        var project = await RunningAsync(
            "logfile: {path: log/out.json}\nlogs: {sampling: {enable: true, maxPerSecond: 5, passEvery: 1000000}}",
            """
            print(json.dumps({"level": "info", "api_token": "xyz", "n": 1.5}), flush=True)
            print("the password is " + config["db"]["password"], flush=True)
            for _ in range(1000):
                print("flood", flush=False)
            print("end", flush=True)
            """);
        var file = Path.Combine(project.Folder, "log/out.json");

        await Condition.HoldsAsync(() => File.Exists(file) && File.ReadAllText(file).Contains("\"end\"", StringComparison.Ordinal),
            "the last line is in the file");

        var lines = File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.All(lines, line => Assert.Equal("greeter", (string?)line["service"]));
        Assert.Contains(lines, line => line["record"]?.ToJsonString() == """{"level":"info","api_token":"********","n":1.5}""");
        Assert.Contains(lines, line => (string?)line["message"] == "the password is ********");
        // A flood may go over a second's end.
        Assert.InRange(lines.Count(line => (string?)line["message"] == "flood"), 5, 500);
        Assert.Contains(lines, line => line["dropped"] is not null);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await foreach (var line in _home.Client.Logs.ReadAsync(new LogRequest { Services = ["greeter"] }, CancellationToken.None))
            Assert.DoesNotContain("hunter22", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_rotated_and_compressed()
    {
        var project = await RunningAsync("logfile: {path: log/out.json, maxSizeMb: 1, maxBackups: 2}", """
            for number in range(40000):
                print("x" * 100, number)
            print("end", flush=True)
            """);
        var folder = Path.Combine(project.Folder, "log");

        await Condition.HoldsAsync(() => Directory.Exists(folder) && Directory.GetFiles(folder, "*.gz") is { Length: 2 },
            "two rotated files, compressed");
        await Condition.HoldsAsync(() => Directory.GetFiles(folder).Length <= 3, "no more than two and the current one");
    }

    private async Task<KitProject> RunningAsync(string local, string code)
    {
        var project = new KitProject(_home, local);
        var main = Path.Combine(project.Folder, "main.py");
        File.WriteAllText(main,
            File.ReadAllText(main).Replace("server.serve_forever()", $"{code}\nserver.serve_forever()", StringComparison.Ordinal));
        await project.MustAsync(ServiceAction.Start);
        Assert.Equal(ConfigPushOutcome.Applied, (await project.PushAsync("""{"greeting": "x", "db": {"password": "hunter22"}}""")).Outcome);
        return project;
    }
}
