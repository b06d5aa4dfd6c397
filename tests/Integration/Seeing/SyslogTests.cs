using System.Collections.Concurrent;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Syslog;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Tests.Integration.Processes;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Seeing;

/// <summary>Lines on their way to a real rsyslogd that listens on a socket of its own.</summary>
public sealed class SyslogTests : IAsyncDisposable
{
    private readonly Home _home = new();
    private readonly ProcessBench _processes = new();

    public async ValueTask DisposeAsync()
    {
        await _home.DisposeAsync();
        _processes.Dispose();
    }

    [Fact]
    public async Task A_burst_of_lines_gets_to_syslog_whole_in_order_and_without_secrets()
    {
        await StartSyslogAsync();
        var service = Printer.Of(
            _home, "talker", "echo 'my password is hunter2hunter2'\nseq 1 3000\nexec sleep 600",
            $"logs: {{syslog: true, syslog_socket: {Socket}}}", "DB_PASSWORD: hunter2hunter2");
        await service.MustAsync(ServiceAction.Start);

        await ProcessBench.Until(() => Received().Length == 3001, "all lines are with syslog");

        var received = Received();
        Assert.Equal("daemon info talker: my password is ********", received[0]);
        Assert.Equal(Enumerable.Range(1, 3000).Select(number => $"daemon info talker: {number}"), received[1..]);
    }

    [Fact]
    public async Task A_syslog_that_is_missing_is_told_once_and_gets_the_lines_when_it_comes_and_comes_again()
    {
        var told = new ConcurrentQueue<string>();
        await using var sink = new SyslogSink("lonely", Socket, TimeProvider.System, told.Enqueue);
        for (var i = 0; i < 100; i++)
            sink.Take("lost\n"u8);
        await ProcessBench.Until(() => !told.IsEmpty, "the trouble is told");

        var first = await StartSyslogAsync();
        await SayUntilReceived("here");
        Assert.Equal(2, told.Count);
        Assert.Matches("Syslog does not take the lines of lonely: .*/log: ", told.First());
        Assert.Matches("takes the lines of lonely again; [1-9][0-9]* were dropped", told.Last());

        first.Signal(Signals.Terminate);
        await ProcessBench.ExitOf(first);
        File.Delete(_processes.PathOf("rsyslogd.pid"));
        await StartSyslogAsync();
        await SayUntilReceived("again");

        async Task SayUntilReceived(string word)
        {
            var deadline = DateTime.UtcNow + Patience.Limit;
            while (!Received().Any(line => line.EndsWith($" lonely: {word}", StringComparison.Ordinal)))
            {
                Assert.True(DateTime.UtcNow < deadline, $"'{word}' did not come; told: {string.Join(" / ", told)}");
                sink.Take(Encoding.UTF8.GetBytes(word + "\n"));
                await Task.Delay(100);
            }
        }
    }

    private string Socket => _processes.PathOf("log");

    private string[] Received() => File.Exists(_processes.PathOf("received")) ? File.ReadAllLines(_processes.PathOf("received")) : [];

    private async Task<ChildProcess> StartSyslogAsync()
    {
        var config = _processes.PathOf("rsyslog.conf");
        await File.WriteAllTextAsync(config, $"""
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="{Socket}" CreatePath="on" UseSysTimeStamp="off" RateLimit.Interval="0" Unlink="on")
            template(name="plain" type="string" string="%syslogfacility-text% %syslogseverity-text% %syslogtag%%msg%\n")
            action(type="omfile" file="{_processes.PathOf("received")}" template="plain")

            """);
        var spec = ProcessBench.Program(Repository.Program("rsyslogd"), "-n", "-f", config, "-i", _processes.PathOf("rsyslogd.pid"));
        if (Repository.Unpacked("rsyslog", "imuxsock.so") is { } module)
            spec = spec with
            {
                Environment = new Dictionary<string, string>(
                spec.Environment)
                { ["RSYSLOG_MODDIR"] = Path.GetDirectoryName(module)! }
            };
        var syslog = _processes.Spawn(spec);
        await ProcessBench.Until(() => File.Exists(Socket), "rsyslogd listens");
        return syslog;
    }
}
