using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Seeing;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Logs;

/// <summary>Exceptions of real services: sorted out of their logs once, and told while they happen.</summary>
public sealed class RelogTests : IAsyncDisposable
{
    private const string Raising = FlaskService.App + """


        @app.route('/boom')
        def boom():
            try:
                {}['k']
            except KeyError as error:
                raise ValueError('token is s3cr3t-s3cr3t') from error

        @app.route('/caught')
        def caught():
            app.logger.error('{"code": 7}')
            return 'caught'

        @app.route('/stuck')
        def stuck():
            import time
            time.sleep(60)

        @app.route('/die')
        def die():
            import os
            os.kill(os.getpid(), 9)
        """;

    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task What_Flask_raises_under_uWSGI_is_sorted_once_across_rotations_and_told_as_an_event()
    {
        var service = new FlaskService(_home, "web", "logto: log/uwsgi.log\nlog-date: true\nlog-maxsize: 5000\nthreads: 2",
            "RELOG_FILES: log/uwsgi\\.log\nSECRET_KEY: s3cr3t-s3cr3t", Raising);
        await service.MustAsync(ServiceAction.Start);
        var told = NextExceptionAsync("web");
        await FailAsync(service, "/boom");
        Assert.Contains("ValueError at ", (await told).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-s3cr3t", (await told).Message, StringComparison.Ordinal);
        await service.GetAsync("/caught");
        // uWSGI looks once a second whether its log is too long.
        while (Directory.GetFiles(Path.Combine(service.Folder, "log")).Length < 2)
        {
            await service.GetAsync("/ping");
            await Task.Delay(50);
        }

        await FailAsync(service, "/boom");
        var first = await SettleAsync("web", report => report.Exceptions);
        Assert.Equal((2, 1), (first.Exceptions, first.InternalErrors));
        Assert.True(first.Files >= 2);
        var group = Assert.Single(first.Last.Groups);
        Assert.Equal(("ValueError", 2, "GET /boom", "token is ********"), (group.Type, group.Count, group.Request, group.Message));
        Assert.EndsWith(" in boom", group.Place, StringComparison.Ordinal);
        Assert.Contains("The above exception was the direct cause", group.Traceback, StringComparison.Ordinal);

        var exceptions = await File.ReadAllTextAsync(Path.Combine(service.Folder, "log", "relog", "exceptions.log"));
        Assert.Equal(2, exceptions.Split("Exception on /boom [GET]").Length - 1);
        Assert.Contains("{\"code\": 7}", await File.ReadAllTextAsync(Path.Combine(service.Folder, "log", "relog", "internal_errors.log")),
            StringComparison.Ordinal);

        await service.MustAsync(ServiceAction.Stop);
        await RelogAsync("web");
        var again = await RelogAsync("web");
        Assert.Equal((0, 0), (again.LinesWritten, again.Exceptions));
        Assert.Equal(2, Assert.Single(again.Groups).Count);
    }

    [Theory]
    [InlineData("harakiri: 1")]
    [InlineData("harakiri: 1\nlogto: log/uwsgi.log\nlog-date: '[%%d.%%m.%%Y %%H:%%M:%%S]'")]
    public async Task A_request_that_uWSGI_killed_and_a_worker_that_died_are_incidents(string keys)
    {
        var service = new FlaskService(_home, "web", keys, "SECRET_KEY: s3cr3t-s3cr3t", Raising);
        await service.MustAsync(ServiceAction.Start);
        var told = NextEventsAsync("web", ServiceEventKind.Incident, 2);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.GetAsync("/stuck?token=s3cr3t-s3cr3t"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.GetAsync("/die"));

        var messages = (await told).Select(happened => happened.Message).Order(StringComparer.Ordinal).ToArray();
        Assert.Matches(@"^HARAKIRI: worker \d \(pid: \d+, .*\) \(GET /stuck\?token=\*{8}; 1 so far\)$", messages[0]);
        Assert.Matches(@"^worker died: worker \d \(pid: \d+\) died, killed by signal 9 \(1 so far\)$", messages[1]);

        var report = await RelogAsync("web");
        Assert.Equal((2, 0), (report.Incidents, report.Exceptions));
        Assert.All(report.Groups, group => Assert.True(group.IsIncident && group is { Count: 1, LastSeen: not null }));
        Assert.Contains("trying respawn", report.Groups.Single(group => group.Type == "HARAKIRI").Traceback, StringComparison.Ordinal);
        // What it tells of itself without a date is no event.
        Assert.Equal(0, report.Uncertain);
    }

    [Fact]
    public async Task Of_a_captured_log_an_order_finds_the_work_done_and_the_next_agent_goes_on()
    {
        var service = Printer.Of(_home, "printer",
            Printer.AwaitGo
                + "printf 'Traceback (most recent call last):\\n  File \"a.py\", line 3, in f\\nValueError: printed\\n' >&2\nexec "
                + "sleep 600");
        await service.MustAsync(ServiceAction.Start);
        var told = NextExceptionAsync("printer");
        await Task.Delay(TimeSpan.FromSeconds(1));
        // It is followed, but there is nothing to sort yet.
        Assert.False(Directory.Exists(Path.Combine(_home.Paths.ServiceLogs("printer"), "relog")));
        Printer.Go(service);
        Assert.Equal("ValueError at a.py:3 in f: printed (1 so far)", (await told).Message);

        var report = await RelogAsync("printer");
        Assert.Equal((3, 1, 0L), (report.LinesProcessed, report.Exceptions, report.BytesRead));
        Assert.NotNull(report.Groups[0].LastSeen);

        await _home.KillAgentAsync();
        report = await RelogAsync("printer");
        Assert.Equal((0, 1), (report.LinesProcessed, report.Groups[0].Count));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Single(await EventsAsync("printer"));
    }

    [Fact]
    public async Task The_command_sorts_files_and_tells_by_its_exit_code_what_could_not_be_read()
    {
        var folder = _home.Folder("files");
        await File.WriteAllTextAsync(Path.Combine(folder, "a.log"),
            "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\nValueError: x\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "b.log.gz"), "this is not gzip");

        var groups = await _home.RunAsync(folder, "relog", "--path", "a.log", "--group", "--json");
        Assert.Equal(0, groups.Code);
        using var json = JsonDocument.Parse(groups.Output);
        Assert.Equal("ValueError", json.RootElement[0].GetProperty("type").GetString());
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));

        var written = await _home.RunAsync(folder, "relog", "--path", "a.log", "b.log.gz", "--destination", "out");
        Assert.Equal(1, written.Code);
        Assert.Contains("b.log.gz", written.Error, StringComparison.Ordinal);
        Assert.Contains("3 lines processed", written.Output, StringComparison.Ordinal);
        Assert.Contains("0 lines processed", (await _home.RunAsync(folder, "relog", "--path", "a.log", "--destination", "out")).Output,
            StringComparison.Ordinal);
        Assert.Equal(2, (await _home.RunAsync(folder, "relog", "--path", "missing.log")).Code);
        Assert.Equal(2, (await _home.RunAsync(folder, "relog", "-r", "maybe")).Code);
        Assert.Equal(2, (await _home.RunAsync(folder, "relog", "web", "--path", "a.log")).Code);
    }

    [Fact]
    public async Task What_is_remembered_is_on_the_disk_under_its_name()
    {
        var folder = _home.Folder("durable");
        await File.WriteAllTextAsync(Path.Combine(folder, "a.log"),
            "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\nValueError: x\n");
        var trace = Path.Combine(folder, "trace");
        var start = new ProcessStartInfo(
            "strace", ["-f", "-y", "-e", "trace=rename,renameat,renameat2,fsync", "-o", trace, Home.Executable, "relog", "--path", "a.log",
                "--destination", "out"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var run = await CommandResult.OfAsync(process);
        Assert.True(run.Code == 0, run.Error);

        var calls = (await File.ReadAllLinesAsync(trace)).Select(
            line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim()).ToList();
        var written = calls.FindIndex(
            call => call.StartsWith("fsync(", StringComparison.Ordinal)
                && call.Contains("/out/state.json.next>", StringComparison.Ordinal));
        var renamed = calls.FindIndex(
            call => call.StartsWith("rename", StringComparison.Ordinal) && call.Contains("/out/state.json\"", StringComparison.Ordinal));
        var named = calls.FindIndex(Math.Max(renamed, 0),
            call => call.StartsWith("fsync(", StringComparison.Ordinal) && call.Contains("/out>", StringComparison.Ordinal));
        Assert.True(written >= 0 && written < renamed && renamed < named, string.Join('\n', calls));
    }

    private static async Task FailAsync(LocalService service, string path) =>
        Assert.Contains("500", (await Assert.ThrowsAsync<HttpRequestException>(() => service.GetAsync(path))).Message,
            StringComparison.Ordinal);

    private async Task<RelogReport> RelogAsync(string service)
    {
        using var limit = Patience.Begin();
        await foreach (var happened in _home.Client.Relog.SortAsync(new RelogRequest { Services = [service] }, progress: null, limit.Token))
            return happened.Report ?? throw new ServiceCtlException(happened.Error!);
        throw new InvalidOperationException("neither a report nor an error");
    }

    /// <summary>
    /// Orders until two exceptions are there: what was written a moment ago may still go on, and comes with the next one.
    /// </summary>
    private async Task<(long Exceptions, long InternalErrors, int Files, RelogReport Last)> SettleAsync(
        string service, Func<RelogReport, long> count)
    {
        long exceptions = 0, errors = 0;
        var deadline = Stopwatch.GetTimestamp();
        while (true)
        {
            var report = await RelogAsync(service);
            exceptions += count(report);
            errors += report.InternalErrors;
            if (exceptions >= 2)
                return (exceptions, errors, report.FilesProcessed, report);
            Assert.True(Stopwatch.GetElapsedTime(deadline) < Patience.Limit,
                string.Create(CultureInfo.InvariantCulture, $"{exceptions} exceptions after {Patience.Limit}"));
            await Task.Delay(100);
        }
    }

    private async Task<ServiceEvent> NextExceptionAsync(string service)
    {
        using var limit = Patience.Begin();
        var request = new EventRequest { Services = [service], Kinds = [ServiceEventKind.Exception], Follow = true };
        await foreach (var happened in _home.Client.Events.ReadAsync(request, limit.Token))
            return happened;
        throw new InvalidOperationException("the events have ended");
    }

    private async Task<List<ServiceEvent>> NextEventsAsync(string service, ServiceEventKind kind, int count)
    {
        using var limit = Patience.Begin();
        var events = new List<ServiceEvent>();
        await foreach (var happened in _home.Client.Events
            .ReadAsync(new EventRequest { Services = [service], Kinds = [kind], Follow = true }, limit.Token))
        {
            events.Add(happened);
            if (events.Count == count)
                break;
        }

        return events;
    }

    private async Task<List<ServiceEvent>> EventsAsync(string service)
    {
        var events = new List<ServiceEvent>();
        await foreach (var happened in _home.Client.Events
            .ReadAsync(new EventRequest { Services = [service], Kinds = [ServiceEventKind.Exception] }, default))
            events.Add(happened);
        return events;
    }
}
