using System.Net.Sockets;
using System.Text;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Tests.Unit.Runners;

public sealed class ReadinessGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Without_a_condition_it_is_ready_at_once()
    {
        using var gate = Gate(new ReadinessRule());

        Assert.True((await CheckAsync(gate)).IsReady);
    }

    [Fact]
    public async Task A_delay_counts_from_the_first_look()
    {
        using var gate = Gate(new ReadinessRule { Delay = TimeSpan.FromSeconds(2) });
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False((await CheckAsync(gate)).IsReady);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal("it has lived 1.5 s of the 2 s of service.ready.delay", (await CheckAsync(gate)).Words);
        _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.True((await CheckAsync(gate)).IsReady);
    }

    [Fact]
    public async Task A_line_may_come_in_pieces_and_matches_only_when_it_is_whole()
    {
        using var gate = Gate(new ReadinessRule { LogPattern = "^listening on \\d+$" });

        gate.Observe("booting\nlistening "u8);
        gate.Observe("on 80"u8);
        Assert.Contains("'^listening on \\d+$'", (await CheckAsync(gate)).Words, StringComparison.Ordinal);
        gate.Observe("80\r\nmore"u8);

        Assert.True((await CheckAsync(gate)).IsReady);
    }

    [Fact]
    public async Task A_line_without_an_end_takes_no_more_than_its_share()
    {
        using var gate = Gate(new ReadinessRule { LogPattern = "ready" });
        var block = Encoding.ASCII.GetBytes(new string('x', 1 << 20));

        for (var i = 0; i < 64; i++)
            gate.Observe(block);
        Assert.False((await CheckAsync(gate)).IsReady);
        gate.Observe("\nready\n"u8);

        Assert.True((await CheckAsync(gate)).IsReady);
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("(?=x)(a+)+$\\1")]
    public async Task No_pattern_holds_up_the_capture(string pattern)
    {
        using var gate = Gate(new ReadinessRule { LogPattern = pattern });
        var line = Encoding.ASCII.GetBytes(new string('a', 10_000) + "!\n");
        var begin = TimeProvider.System.GetTimestamp();

        gate.Observe(line);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.False((await CheckAsync(gate)).IsReady);
    }

    [Fact]
    public async Task All_that_is_missing_is_said()
    {
        using var gate = Gate(new ReadinessRule { LogPattern = "x", Delay = TimeSpan.FromSeconds(1) });

        Assert.Equal(
            "it has lived 0 s of the 1 s of service.ready.delay, and nothing has been printed yet, and a line that matches 'x' is awaited "
                + "(a program that keeps its output in a buffer has to flush it)",
            (await CheckAsync(gate)).Words);
        gate.Observe("something else"u8);
        Assert.Equal("it has lived 0 s of the 1 s of service.ready.delay, and no line of its output matches 'x'",
            (await CheckAsync(gate)).Words);
    }

    [Fact]
    public async Task Ready_is_heard_on_the_notify_socket_and_the_status_is_told_until_then()
    {
        using var folder = new TemporaryFolder();
        var request = new LaunchRequest
        {
            Definition = new ServiceDefinition
            {
                Name = "web",
                Folder = "/srv/web",
                ConfigPath = "/srv/web/config.yaml",
                Runner = "command",
                Ready = new ReadinessRule { Notify = true }
            },
            RunFolder = folder.Path,
            Sockets = 0,
        };
        using var gate = ReadinessGate.Open(request, probe: null, _time);
        using var sender = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        await sender.ConnectAsync(new UnixDomainSocketEndPoint(gate.Environment["NOTIFY_SOCKET"]));

        await sender.SendAsync("STATUS=warming up"u8.ToArray());
        await UntilAsync(
            async () => (await CheckAsync(gate)).Words == "it has not said READY=1 (service.ready.notify); its status is 'warming up'");
        await sender.SendAsync("MAINPID=4\nREADY=1\n"u8.ToArray());
        await UntilAsync(async () => (await CheckAsync(gate)).IsReady);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static Task<Readiness> CheckAsync(ReadinessGate gate) => gate.CheckAsync(TestContext.Current.CancellationToken);

    private ReadinessGate Gate(ReadinessRule rule) => new(rule, probe: null, notify: null, _time);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sc-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
