using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Seeing;

/// <summary>What services print and log, as both faces read it.</summary>
public sealed class ServiceLogTests : IAsyncDisposable
{
    private const string Forever = "exec sleep 600";

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Following_sees_every_line_once_across_rotations_restarts_and_the_death_of_the_agent()
    {
        // Each launch prints the next 3,000 numbers; the files hold some 1,700 each, and are compressed.
        var service = Printer.Of(
            _home, "steady",
            "n=$(cat count 2>/dev/null || echo 0)\nseq $((n + 1)) $((n + 3000))\necho $((n + 3000)) > count\n" + Forever,
            "logs: {max_size: 10KB, keep: 1000, compress: true}");
        await _home.Client.Services.RegisterAsync(service.Folder, null, default);
        using var end = Patience.Begin();
        var seen = new List<int>();
        var following = Task.Run(async () =>
        {
            await foreach (var line in _home.Client.Logs
                .ReadAsync(new LogRequest { Services = ["steady"], Tail = 9000, Follow = true }, end.Token))
            {
                Assert.False(line.IsRemark, line.Text);
                seen.Add(int.Parse(line.Text));
                if (seen[^1] == 9000)
                    return;
            }
        });

        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Restart);
        await _home.KillAgentAsync();
        await service.MustAsync(ServiceAction.Restart);
        await following;

        Assert.Equal(Enumerable.Range(1, 9000), seen);
    }

    [Fact]
    public async Task Without_an_agent_logs_are_read_and_none_is_started()
    {
        var service = Printer.Of(_home, "quiet", "seq 1 20\n" + Forever);
        await service.MustAsync(ServiceAction.Start);
        await service.MustAsync(ServiceAction.Stop);
        await _home.Client.Agent.StopAsync(RunningServices.Refuse, default);

        var all = await _home.RunAsync(service.Folder, "logs");
        var last = await _home.RunAsync("/", "logs", "quiet", "--tail", "2", "--timestamps");
        var some = await _home.RunAsync("/", "logs", "*", "--grep", "^1[0-2]$");
        var unknown = await _home.RunAsync("/", "logs", "nobody");

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}"), Lines(all));
        Assert.Collection(Lines(last), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.+-]+ 19$", line),
            line => Assert.EndsWith(" 20", line));
        Assert.Equal(["quiet | 10", "quiet | 11", "quiet | 12"], Lines(some));
        Assert.Equal(1, unknown.Code);
        Assert.Contains("No service named nobody", unknown.Error);
        Assert.Null(await _home.Client.Agent.FindAsync(default));
    }

    [Fact]
    public async Task What_uwsgi_logs_by_itself_is_put_between_what_it_prints()
    {
        var service = new FlaskService(_home, "both", uwsgi: "logto: log/%n.log");
        await service.MustAsync(ServiceAction.Start);
        await service.GetAsync("/version");

        IReadOnlyList<LogLine> all = [], server = [], output = [];
        // uWSGI may log a line between two readings.
        await Condition.HoldsAsync(
            async () =>
            {
                all = await ReadAsync(new LogRequest { Services = ["both"] });
                server = await ReadAsync(new LogRequest { Services = ["both"], Origin = LogOrigin.Server });
                output = await ReadAsync(new LogRequest { Services = ["both"], Origin = LogOrigin.Output });
                return server.Count + output.Count == all.Count
                    && server.Any(line => line.Text.Contains("GET /version", StringComparison.Ordinal));
            },
            "both have together what each has");

        Assert.Contains(server,
            line => line.Text.Contains("GET /version", StringComparison.Ordinal) && line.Time > DateTimeOffset.Now.AddMinutes(-1));
        Assert.All(server, line => Assert.Equal(Path.Combine(service.Folder, "log", "uwsgi.log"), line.File));
        Assert.All(output, line => Assert.Equal(_home.Paths.ServiceOutput("both"), line.File));
        Assert.Empty(await ReadAsync(new LogRequest { Services = ["both"], Since = DateTimeOffset.Now.AddMinutes(5) }));
        Assert.Single(await ReadAsync(new LogRequest { Services = ["both"], Tail = 1 }));
    }

    [Fact]
    public async Task Several_services_are_put_into_one_order_by_time()
    {
        var one = Printer.Of(_home, "one", Printer.AwaitGo + "echo third\n" + Forever);
        var two = Printer.Of(_home, "two", "echo first\nsleep 0.5\necho second\n" + Forever);
        await one.MustAsync(ServiceAction.Start);
        await two.MustAsync(ServiceAction.Start);
        await UntilAsync(() => File.ReadAllText(_home.Paths.ServiceOutput("two")).Contains("second\n", StringComparison.Ordinal));
        Printer.Go(one);

        using var end = Patience.Begin();
        var seen = new List<string>();
        await foreach (var line in _home.Client.Logs.ReadAsync(new LogRequest { Services = [], Follow = true }, end.Token))
        {
            seen.Add($"{line.Service} {line.Text}");
            if (seen.Count == 3)
                break;
        }

        Assert.Equal(["two first", "two second", "one third"], seen);
        Assert.Equal(seen, (await ReadAsync(new LogRequest { Services = ["*"] })).Select(line => $"{line.Service} {line.Text}"));
        Assert.Equal(["two second", "one third"],
            (await ReadAsync(new LogRequest { Services = [], Tail = 1 })).Select(line => $"{line.Service} {line.Text}"));
    }

    [Fact]
    public async Task Secrets_of_the_configuration_are_in_no_line_and_no_report()
    {
        var service = Printer.Of(_home, "leaky", $"echo 'password is hunter2hunter2'\n{Printer.AwaitGo}exit 3",
            keys: "DB_PASSWORD: hunter2hunter2");
        await service.MustAsync(ServiceAction.Start);
        Printer.Go(service);
        await _home.Client.Services.WaitAsync("leaky", ServiceState.Failed, Patience.Limit, default);

        Assert.Equal("password is ********", Assert.Single(await ReadAsync(new LogRequest { Services = ["leaky"] })).Text);
        Assert.Equal(["password is ********"], (await service.StatusAsync()).LastExit!.LastLines);
        Assert.DoesNotContain("hunter2", (await _home.RunAsync("/", "events", "--json")).Output, StringComparison.Ordinal);
        // A configuration that is broken later must not lay them open either, as long as something runs.
        service.Replace("print.sh", "exit 3", Forever);
        await service.MustAsync(ServiceAction.Start);
        await File.AppendAllTextAsync(service.Config, "service: [\n");
        Assert.All(await ReadAsync(new LogRequest { Services = ["leaky"] }),
            line => Assert.DoesNotContain("hunter2", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_command()
    {
        var service = Printer.Of(_home, "endless", "seq 1 200000\n" + Forever, "logs: {max_size: 10MB}");
        await service.MustAsync(ServiceAction.Start);
        await UntilAsync(() => new FileInfo(_home.Paths.ServiceOutput("endless")).Length > 1_000_000);
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", $"'{Home.Executable}' logs endless --follow --tail 200000 | head -n 1"])
        { RedirectStandardOutput = true };
        start.Environment["SERVICECTL_HOME"] = _home.Paths.Home;
        using var shell = Process.Start(start)!;
        using var limit = Patience.Begin();

        Assert.Equal("1\n", await shell.StandardOutput.ReadToEndAsync(limit.Token));
        await shell.WaitForExitAsync(limit.Token);
    }

    [Theory]
    [InlineData("--since takes how long ago", "--since", "yesterdayish")]
    [InlineData("not a regular expression", "--grep", "(")]
    [InlineData("has no end", "--follow", "--until", "1m")]
    [InlineData("--tail takes a whole number from 0", "--tail", "-1")]
    public async Task What_can_not_be_understood_is_told_with_the_remedy(string words, params string[] arguments)
    {
        var result = await _home.RunAsync("/", ["logs", .. arguments]);
        Assert.NotEqual(0, result.Code);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    private static string[] Lines(CommandResult result)
    {
        Assert.True(result.Code == 0, result.ToString());
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = Patience.Begin();
        while (!condition())
            await Task.Delay(20, limit.Token);
    }

    private async Task<IReadOnlyList<LogLine>> ReadAsync(LogRequest request) =>
        await _home.Client.Logs.ReadAsync(request, default).ToListAsync();
}
