using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Security;

/// <summary>What others send and write costs the agent a bounded time and room, and nobody else anything.</summary>
public sealed class LimitTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Hundreds_of_slow_clients_do_not_keep_the_infrastructure_from_its_answer()
    {
        var port = LocalService.FreePort();
        var service = Service("web", $"service: {{runner: command, command: [sleep, '100000'], infra: {{listen: 127.0.0.1:{port}}}}}\n");
        await service.MustAsync(ServiceAction.Start);
        var before = (await _home.AgentFiguresAsync()).Descriptors;
        var slow = new List<TcpClient>();
        try
        {
            for (var number = 0; number < 300; number++)
            {
                slow.Add(new TcpClient());
                await slow[^1].ConnectAsync(IPAddress.Loopback, port);
                await slow[^1].GetStream().WriteAsync("GET /internal/health HTTP/1.1\r\nX-Slow: "u8.ToArray());
            }

            using var http = new HttpClient();
            // Their own limit is what frees their places otherwise, after half a minute.
            var took = await Patience.QuickestAsync(TimeSpan.FromSeconds(4), async () =>
            {
                var begin = Stopwatch.GetTimestamp();
                Assert.Contains("pass", await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/internal/health")),
                    StringComparison.Ordinal);
                return Stopwatch.GetElapsedTime(begin);
            });
            Assert.InRange(took.TotalSeconds, 0, 4);
            Assert.InRange((await _home.AgentFiguresAsync()).Descriptors - before, 0, 150);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_pattern_that_takes_ages_is_named_with_its_key()
    {
        var service = Service("web", "RELOG_FILES: '^(?=(a+)+$)x|(?<=/)(a+)+!$'\nservice: {runner: command, command: [sleep, '100000']}\n");
        var log = Directory.CreateDirectory(Path.Combine(service.Folder, "log")).FullName;
        File.WriteAllText(Path.Combine(log, new string('a', 60)), "");
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "register")).Code);

        var refused = await _home.RunAsync(service.Folder, "relog", "web");

        Assert.Equal(1, refused.Code);
        Assert.Contains("RELOG_FILES takes longer than a second", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_lead_back_to_themselves_are_looked_through_once()
    {
        var service = Service("web", "RELOG_FILES: 'app.log$'\nservice: {runner: command, command: [sleep, '100000']}\n");
        var log = Directory.CreateDirectory(Path.Combine(service.Folder, "log", "deep")).FullName;
        File.WriteAllText(Path.Combine(log, "app.log"),
            "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: x\n");
        foreach (var name in new[] { "one", "two", "three" })
            File.CreateSymbolicLink(Path.Combine(log, name), "..");
        Assert.Equal(0, (await _home.RunAsync(service.Folder, "register")).Code);

        var sorted = await _home.RunAsync(service.Folder, "relog", "web");

        Assert.True(sorted.Code == 0, sorted.ToString());
        Assert.Contains("web: 1 files", sorted.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toml", "dots")]
    [InlineData("toml", "headers")]
    [InlineData("ini", "dots")]
    [InlineData("ini", "headers")]
    [InlineData("yaml", "word")]
    [InlineData("json", "word")]
    [InlineData("env", "dots")]
    public async Task A_configuration_with_much_of_one_thing_is_read_or_refused_at_once(string format, string kind)
    {
        var folder = _home.Folder("many");
        var dotted = string.Join('.', Enumerable.Repeat("a", 100_000));
        File.WriteAllText(Path.Combine(folder, $"config.{format}"), kind switch
        {
            "dots" => $"{(format == "env" ? dotted.Replace(".", "__", StringComparison.Ordinal) : dotted)} = 1\n",
            "headers" => $"[{dotted}]\nb = 1\n",
            _ => new string('a', 1_000_000),
        });

        // Of processor time. Quadratic time would be minutes.
        var result = await CommandResult.RunAsync("/bin/sh", "-c", "ulimit -t 20; cd \"$1\"; exec \"$0\" config check .",
            Home.Executable, folder);

        Assert.True(result.Code == 1, result.ToString());
    }

    [Theory]
    [InlineData("config")]
    [InlineData("config", "--json")]
    [InlineData("config", "--show-source", "--show-overridden")]
    [InlineData("config", "check")]
    public async Task A_secret_inside_another_value_is_not_shown(params string[] words)
    {
        const string Secret = "hunter2 hunter2/x";
        var service = Service(
            "web",
            $"DB_PASSWORD: &pw {Secret}\nDSN: !join [\"host=db password=\", *pw]\nENCODED: {Uri.EscapeDataString(Secret)}\nBASIC: "
                + $"{Convert.ToBase64String(Encoding.UTF8.GetBytes("me:" + Secret))}\n"
            + "service: {runner: command, command: [sleep, *pw]}\n");

        var shown = (await _home.RunAsync(service.Folder, words)).ToString();

        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(Secret), shown, StringComparison.Ordinal);
        Assert.DoesNotContain("aHVudGVyMiBodW50ZXIyL3", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("h1bnRlcjIgaHVudGVyMi94", shown, StringComparison.Ordinal);
    }

    private LocalService Service(string name, string config) => new(_home, name, $"SERVICE_NAME: {name}\n{config}");
}
