using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Logs;

public sealed class LogReaderTests : IDisposable
{
    private readonly CaptureBench _bench = new();
    private readonly Lazy<FileChanges> _changes = new(() => new FileChanges());

    public void Dispose()
    {
        if (_changes.IsValueCreated)
            _changes.Value.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Following_sees_every_line_once_across_rotation_compression_and_a_new_capture()
    {
        LogSettings settings = new() { MaxSize = 20_000, Keep = 1000, Compress = true };
        CapturedLog log = _bench.Attach("followed", settings);
        using var end = Patience.Begin();
        List<int> numbers = [];
        Task reading = Task.Run(async () =>
        {
            await foreach (LogLine line in ReaderOf(log.FilePath).LinesAsync(new LogQuery { Follow = true, Tail = 40_000 }, end.Token))
            {
                Assert.False(line.IsRemark);
                Assert.NotNull(line.Time);
                numbers.Add(int.Parse(line.Text));
                if (numbers[^1] == 40_000)
                    return;
            }
        });
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("seq 1 20000")));
        log.Dispose();
        log = _bench.Attach("followed", settings);
        await ProcessBench.ExitOf(
            _bench.Spawn(log, ProcessBench.Shell("for i in 20001 25001 30001 35001; do seq $i $((i + 4999)); sleep 0.1; done")));
        await reading;
        Assert.Equal(Enumerable.Range(1, 40_000), numbers);
    }

    [Fact]
    public async Task A_follower_that_begins_amid_rotations_of_equal_files_misses_nothing_of_what_comes()
    {
        CapturedLog log = _bench.Attach("amid", new LogSettings { MaxSize = 4000, Keep = 10_000, Compress = true });
        var writer = _bench.Spawn(log,
            ProcessBench.Shell("for i in $(seq 1 60); do seq $((i * 1000 + 100000)) $((i * 1000 + 100999)); done; echo 200000"));
        using var end = Patience.Begin();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            await Task.Delay(i * 10);
            int last = 0;
            await foreach (LogLine line in ReaderOf(log.FilePath).LinesAsync(new LogQuery { Follow = true }, end.Token))
            {
                int number = int.Parse(line.Text);
                Assert.Equal(last == 0 ? 101000 : last == 160999 ? 200000 : last + 1, number);
                last = number;
                if (number == 200000)
                    return;
            }
        })));
        await ProcessBench.ExitOf(writer);
    }

    [Fact]
    public async Task The_tail_reaches_back_over_rotated_and_compressed_files()
    {
        CapturedLog log = _bench.Attach("tailed", new LogSettings { MaxSize = 1000, Keep = 100, Compress = true });
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("seq 1 2000; printf 'no end'")));
        log.Drain();
        foreach (int tail in new[] { 0, 1, 2, 250, 1000, 2000, 2001, 5000 })
        {
            string[] all = [.. Enumerable.Range(1, 2000).Select(i => $"{i}"), "no end"];
            Assert.Equal(all.TakeLast(tail), await TextsAsync(log.FilePath, new LogQuery { Tail = tail }));
        }
    }

    [Fact]
    public async Task Lines_are_found_by_the_time_they_came_and_know_their_generation()
    {
        CapturedLog log = _bench.Attach("timed", new LogSettings());
        log.BeginGeneration(7);
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo early; sleep 0.5")));
        log.Drain();
        log.BeginGeneration(8);
        DateTimeOffset since = DateTimeOffset.Now;
        await ProcessBench.ExitOf(_bench.Spawn(log, ProcessBench.Shell("echo late; sleep 0.3; echo later")));
        log.Drain();

        List<LogLine> all = await ReaderOf(log.FilePath).LinesAsync(new LogQuery()).ToListAsync();
        Assert.Equal([("early", 7), ("late", 8), ("later", 8)], all.Select(line => (line.Text, line.Generation ?? 0)));
        Assert.InRange(all[1].Time!.Value, since - TimeSpan.FromMilliseconds(100), since + Patience.Limit);
        Assert.Equal(["late", "later"], await TextsAsync(log.FilePath, new LogQuery { Since = since }));
        Assert.Equal(["later"], await TextsAsync(log.FilePath, new LogQuery { Since = since, Tail = 1 }));
        Assert.Empty(await TextsAsync(log.FilePath, new LogQuery { Since = since.AddMinutes(1) }));
    }

    [Fact]
    public async Task The_log_that_uwsgi_writes_itself_is_followed_over_its_own_rotation()
    {
        string path = _bench.PathOf("uwsgi.log");
        File.WriteAllText(path + ".1700000000", "a\n");
        File.WriteAllText(path + ".1700000500", "b\n");
        File.WriteAllText(path, "c\n");
        using var end = Patience.Begin();
        LogReader reader = new(new LogSource { Service = "uwsgi", Path = path, IsCaptured = false }, _changes);
        StringBuilder seen = new();
        await foreach (LogLine line in reader.LinesAsync(new LogQuery { Follow = true }, end.Token))
        {
            seen.Append(line.Text);
            if (line.Text == "c")
            {
                File.AppendAllText(path, "d\n");
                File.Move(path, path + ".1700000900");
                File.WriteAllText(path, "e\n");
            }

            if (line.Text == "e")
                break;
        }

        Assert.Equal("abcde", seen.ToString());
    }

    [Fact]
    public async Task A_line_without_a_time_has_that_of_the_one_before_wherever_reading_begins()
    {
        DateTimeOffset now = DateTimeOffset.Now;
        string path = _bench.PathOf("dated.log");
        string filler = string.Concat(Enumerable.Range(0, 500).Select(i => $"undated {i}\n"));
        File.WriteAllText(path + ".1700000000", $"head\n[{now.AddHours(-3):dd.MM.yyyy HH:mm:ss}] - three\n");
        File.WriteAllText(path,
            $"{filler}[{now.AddHours(-2):dd.MM.yyyy HH:mm:ss}] - two\nafter two\n[{now.AddYears(5):dd.MM.yyyy HH:mm:ss}] - of "
                + "the future\n");
        File.SetLastWriteTimeUtc(path, now.UtcDateTime.AddHours(-1.9));

        Assert.Equal(["2 after two", "2 of the future"], await ReadAsync(new LogQuery { Tail = 2 }));
        Assert.Equal(["2 two", "2 after two", "2 of the future"], await ReadAsync(new LogQuery { Since = now.AddHours(-2.5) }));
        List<string> all = await ReadAsync(new LogQuery());
        Assert.Equal(["3 head", "3 three", "3 undated 0"], all.Take(3));

        async Task<List<string>> ReadAsync(LogQuery query)
        {
            LogReader reader = new(
                new LogSource { Service = "uwsgi", Path = path, IsCaptured = false, TimeOf = LineTime.Finder("[%d.%m.%Y %H:%M:%S]") },
                _changes);
            return await reader.LinesAsync(query).Select(line => $"{(now - line.Time!.Value).TotalHours:0} {line.Text.Split("] - ")[^1]}")
                .ToListAsync();
        }
    }

    [Fact]
    public async Task Lines_of_a_log_without_any_time_were_written_when_it_was()
    {
        string path = _bench.PathOf("undated.log");
        File.WriteAllText(path, "one\ntwo\n");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-2));
        using CancellationTokenSource end = new(Patience.Limit);
        LogReader reader = new(
            new LogSource { Service = "uwsgi", Path = path, IsCaptured = false, TimeOf = LineTime.Finder(null) }, _changes);
        List<string> seen = [];
        await foreach (LogLine line in reader.LinesAsync(new LogQuery { Follow = true }, end.Token))
        {
            seen.Add($"{line.Text} {(DateTimeOffset.Now - line.Time!.Value).TotalHours:0}");
            if (line.Text == "two")
                File.AppendAllText(path, "three\n");
            if (line.Text == "three")
                break;
        }

        Assert.Equal(["one 2", "two 2", "three 0"], seen);
    }

    [Fact]
    public async Task What_was_rotated_away_unread_is_remarked()
    {
        string path = _bench.PathOf("lossy.log");
        File.WriteAllText(path, "1\n");
        using var end = Patience.Begin();
        List<string> seen = [];
        await foreach (LogLine line in ReaderOf(path).LinesAsync(new LogQuery { Follow = true }, end.Token))
        {
            seen.Add(line.IsRemark ? "-" : line.Text);
            if (line.Text == "1")
            {
                File.Delete(path);
                File.WriteAllText(path, "3\n");
            }

            if (line.Text == "3")
                break;
        }

        Assert.Equal(["1", "-", "3"], seen);
    }

    [Fact]
    public async Task More_logs_are_followed_than_a_user_has_inotify_instances_and_their_folders_may_be_made_later()
    {
        int count = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_user_instances")) + 10;
        Assert.SkipWhen(count > 2000, "this user has too many inotify instances to use them up");
        string folder = _bench.PathOf("later/s");
        using var end = Patience.Begin();
        Task<string>[] followers = [.. Enumerable.Range(0, count).Select(i => FirstLineAsync($"{folder}{i}/output.log"))];
        for (int i = 0; i < count; i++)
        {
            Directory.CreateDirectory($"{folder}{i}");
            File.WriteAllText($"{folder}{i}/output.log", $"line of {i}\n");
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line of {i}"), await Task.WhenAll(followers));

        async Task<string> FirstLineAsync(string path) =>
            (await ReaderOf(path).LinesAsync(new LogQuery { Follow = true }, end.Token).FirstAsync(end.Token)).Text;
    }

    [Fact]
    public async Task A_log_that_is_a_link_to_nothing_is_waited_for()
    {
        string path = _bench.PathOf("linked.log");
        File.CreateSymbolicLink(path, _bench.PathOf("nowhere.log"));
        using var end = Patience.Begin();
        Task<LogLine> first = ReaderOf(path).LinesAsync(new LogQuery { Follow = true }, end.Token).FirstAsync(end.Token).AsTask();
        File.WriteAllText(path + ".new", "here\n");
        File.Move(path + ".new", path, overwrite: true);

        Assert.Equal("here", (await first).Text);
    }

    private LogReader ReaderOf(string path) => new(new LogSource { Service = "s", Path = path }, _changes);

    private async Task<List<string>> TextsAsync(string path, LogQuery query) =>
        await ReaderOf(path).LinesAsync(query).Select(line => line.Text).ToListAsync();
}
