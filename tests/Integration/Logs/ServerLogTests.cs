using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Logs;

/// <summary>What uWSGI logs by itself, together with what it printed before, by the times of both.</summary>
public sealed class ServerLogTests : IAsyncDisposable
{
    private const string Printing = FlaskService.App + """


        @app.route('/print/<text>')
        def printed(text):
            print(text, flush=True)
            return text
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Theory]
    [InlineData("log-date: '[%%d.%%m.%%Y %%H:%%M:%%S]'")]
    [InlineData("log-date: '%%H:%%M:%%S %%d/%%m/%%y'")]
    [InlineData("log-date: true")]
    [InlineData("disable-logging: true")]
    public async Task The_last_lines_are_the_newest_and_have_the_times_at_which_they_were_written(string keys)
    {
        var service = new FlaskService(_home, "web", $"logto: log/example_%n.log\n{keys}", app: Printing);
        await service.MustAsync(ServiceAction.Start);
        var began = DateTimeOffset.Now;
        foreach (var text in new[] { "one", "two", "three" })
            await service.GetAsync($"/print/{text}");

        // Its own requests come after what each has printed.
        var lines = await LinesAsync("--tail", "6");
        Assert.Equal(["one", "two", "three"],
            lines.Select(line => line.Text).Where(text => !text.Contains("[pid: ", StringComparison.Ordinal)).TakeLast(3));
        var server = File.ReadLines(Path.Combine(service.Folder, "log", "example_uwsgi.log")).TakeLast(3);
        Assert.Equal(server, (await LinesAsync("--tail", "3")).Select(line => line.Text));
        Assert.Equal(lines.Select(line => line.Time).Order(), lines.Select(line => line.Time));
        Assert.All(lines, line => Assert.InRange(line.Time, began - Patience.Limit, DateTimeOffset.Now));

        // The order of a file is the file's, all the way.
        var all = (await LinesAsync("--source", "server")).Select(line => line.Text);
        Assert.Equal(File.ReadLines(Path.Combine(service.Folder, "log", "example_uwsgi.log")).Take(10), all.Take(10));
    }

    [Fact]
    public async Task A_follower_sees_new_lines_of_the_servers_own_log_with_their_times()
    {
        var service = new FlaskService(_home, "web", "logto: log/uwsgi.log\nlog-date: '[%%d.%%m.%%Y %%H:%%M:%%S]'", app: Printing);
        await service.MustAsync(ServiceAction.Start);
        using var limit = new CancellationTokenSource(Patience.Limit);
        var request = new LogRequest { Services = ["web"], Follow = true, Since = DateTimeOffset.Now.AddSeconds(-1) };
        var printing = Task.CompletedTask;
        await foreach (var line in _home.Client.Logs.ReadAsync(request, limit.Token))
        {
            Assert.NotNull(line.Time);
            if (printing.IsCompleted && line.Text != "printed")
                printing = service.GetAsync("/print/printed");
            if (line.Text != "printed")
                continue;
            Assert.InRange(line.Time.Value, DateTimeOffset.Now - Patience.Limit, DateTimeOffset.Now);
            break;
        }

        await printing;
    }

    [Fact]
    public async Task Events_are_told_up_to_a_time()
    {
        var service = new FlaskService(_home, "web");
        await service.MustAsync(ServiceAction.Start);
        var between = DateTimeOffset.Now;
        await service.MustAsync(ServiceAction.Stop);

        var all = await _home.RunAsync(service.Folder, "events", "web");
        Assert.Contains("Stopped", all.Output, StringComparison.Ordinal);
        var early = await _home.RunAsync(service.Folder, "events", "web", "--until", between.ToString("O", CultureInfo.InvariantCulture));
        Assert.Contains("Started", early.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Stopped", early.Output, StringComparison.Ordinal);
        Assert.Equal("", (await _home.RunAsync(service.Folder, "events", "web", "--until", "1w")).Output);
        Assert.NotEqual(0, (await _home.RunAsync(service.Folder, "events", "--until", "1m", "--follow")).Code);
    }

    private async Task<List<(DateTimeOffset Time, string Text)>> LinesAsync(params string[] options)
    {
        var run = await _home.RunAsync(_home.Folder("web"), ["logs", "web", "--json", .. options]);
        Assert.True(run.Code == 0, run.Error);
        return
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
                .Select(line =>
                (line.TryGetProperty("time", out var time) ? DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture)
                    : default, line.GetProperty("text").GetString()!)),
        ];
    }
}
