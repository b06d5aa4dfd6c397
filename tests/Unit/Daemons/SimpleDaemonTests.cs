using ServiceCtl.Contracts;
using ServiceCtl.Engine.Daemons;

namespace ServiceCtl.Tests.Unit.Daemons;

public sealed class SimpleDaemonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("servicectl-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 11, 27, 13, 47, 59, 971, TimeSpan.Zero));
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private int _ends;

    public SimpleDaemonTests()
    {
        _time.SetLocalTimeZone(TimeZoneInfo.Utc);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_passive_daemon_says_what_the_original_says_and_is_told()
    {
        using var daemon = Begin();
        Assert.False(daemon.Interrupted);

        daemon.Receive(15);

        Assert.True(daemon.Interrupted);
        Assert.True(daemon.Interruption.IsCancellationRequested);
        daemon.Wait("60s");
        Assert.Equal(
            [
                $"2018-11-27 13:47:59,971 - MyDaemon - INFO - PID: {Environment.ProcessId}",
                "2018-11-27 13:47:59,971 - MyDaemon - DEBUG - Set signal handler: 2",
                "2018-11-27 13:47:59,971 - MyDaemon - DEBUG - Set signal handler: 15",
                "2018-11-27 13:47:59,971 - MyDaemon - INFO - Mode: PASSIVE",
                "2018-11-27 13:47:59,971 - MyDaemon - INFO - interrupted == True",
                "2018-11-27 13:47:59,971 - MyDaemon - INFO - Received 15 signal.",
            ],
            Lines());
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void An_aggressive_daemon_is_broken_off()
    {
        using var daemon = Begin(new() { InterruptMode = DaemonInterruptMode.Aggressive });

        daemon.Receive(2);

        Assert.Throws<SimpleDaemonExitException>(() => daemon.Wait(TimeSpan.FromDays(100)));
        Assert.Equal(["Mode: AGGRESSIVE", "Received 2 signal.", "Graceful Interrupt..."], Messages()[3..]);
        Assert.Equal("SimpleDaemon Exit\n", _output.ToString());
    }

    [Fact]
    public async Task A_wait_ends_when_the_signal_comes()
    {
        using var daemon = Begin(new() { InterruptMode = DaemonInterruptMode.Aggressive });
        var asynchronous = daemon.WaitAsync(TimeSpan.FromHours(1));
        var synchronous = Task.Run(() => daemon.Wait(3600), TestContext.Current.CancellationToken);

        daemon.Receive(15);

        await Assert.ThrowsAsync<SimpleDaemonExitException>(() => asynchronous);
        await Assert.ThrowsAsync<SimpleDaemonExitException>(() => synchronous);
    }

    [Fact]
    public void Work_that_goes_on_after_an_aggressive_interrupt_ends_with_the_process()
    {
        using var daemon = Begin(new() { InterruptMode = DaemonInterruptMode.Aggressive });
        daemon.Receive(15);

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(0, _ends);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(1, _ends);
        Assert.Equal("The work has gone on for 2 s after it was interrupted; the process ends.", Messages()[^1]);
    }

    [Fact]
    public void Nobody_is_ended_when_the_work_has_stopped_in_time()
    {
        var daemon = Begin(new() { InterruptMode = DaemonInterruptMode.Aggressive });
        daemon.Receive(15);
        daemon.Dispose();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _ends);
    }

    [Fact]
    public void Lines_below_the_level_are_left_out()
    {
        using var daemon = Begin(new() { LogLevel = DaemonLogLevel.Info, Stream = true });
        daemon.Debug("no");
        daemon.Warning("yes");
        daemon.Critical("very");

        Assert.Equal([$"PID: {Environment.ProcessId}", "Mode: PASSIVE", "yes", "very"], Messages());
        Assert.Equal(Lines(), _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Daemons_share_a_log_and_its_rotation_without_losing_a_line()
    {
        using var one = Begin(new() { MaxLogSize = 2000, MaxLogFiles = 50 });
        using var two = Begin(new() { MaxLogSize = 2000, MaxLogFiles = 50 });

        Parallel.For(0, 200, number => (number % 2 == 0 ? one : two).Info($"line {number}"));

        var files = Directory.GetFiles(_folder);
        Assert.True(files.Length > 4, $"{files.Length} files");
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2000));
        Assert.Equal(
            Enumerable.Range(0, 200).Select(number => $"line {number}").Order(),
            files.SelectMany(File.ReadAllLines).Select(line => line.Split(" - ")[3])
                .Where(message => message.StartsWith("line ", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData(100, 2, 3)]
    [InlineData(100, 0, 1)]
    [InlineData(0, 2, 1)]
    public void As_many_files_are_kept_as_asked_and_none_is_rotated_where_python_would_not(long size, int keep, int files)
    {
        using var daemon = Begin(new() { MaxLogSize = size, MaxLogFiles = keep });
        for (var line = 0; line < 20; line++)
            daemon.Info("a line of a log that is rotated");

        Assert.Equal(files, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_log_that_was_removed_is_made_anew()
    {
        using var daemon = Begin();
        File.Delete(Log);
        daemon.Info("here again");

        Assert.Equal(["here again"], Messages());
    }

    [Fact]
    public void A_syslog_that_is_away_is_told_once_and_stops_nothing()
    {
        using var daemon = Begin(new() { Syslog = true, SyslogSocket = Path.Combine(_folder, "nobody") });
        daemon.Info("goes to the file");

        Assert.Single(_errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"MyDaemon: lines are dropped, {_folder}/nobody does not take them: ", _errors.ToString());
        Assert.Equal("goes to the file", Messages()[^1]);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_told_at_the_start()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        var error = Assert.Throws<ServiceCtlException>(() => Begin(new() { LogPath = Path.Combine(_folder, "file") }));

        Assert.StartsWith("The log simple_daemon.log of MyDaemon can't be written in ", error.Message);
        Assert.Contains("-LogPath", error.Advice);
    }

    [Fact]
    public void A_wait_for_no_duration_is_told()
    {
        using var daemon = Begin();
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<ServiceCtlException>(() => daemon.Wait("soon")).Code);
    }

    private string Log => Path.Combine(_folder, "simple_daemon.log");

    private string[] Lines() => File.ReadAllLines(Log);

    private string[] Messages() => [.. Lines().Select(line => line.Split(" - ")[3])];

    private SimpleDaemon Begin(SimpleDaemonOptions? options = null)
    {
        options ??= new SimpleDaemonOptions();
        var daemon = new SimpleDaemon(
            "MyDaemon", options.LogPath == "/var/log/" ? options with { LogPath = _folder } : options, _time,
            new DaemonProcess(Notifier: null, _output, _errors, () => _ends++));
        daemon.Begin();
        return daemon;
    }
}
