using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Failures;

/// <summary>record: where a failure is written down, and how.</summary>
public sealed class RecordTests : IAsyncDisposable
{
    private readonly Home _home = new();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task A_failure_goes_where_its_rule_says_with_the_level_and_the_words_for_there()
    {
        var socket = Path.Combine(_home.Folder("syslog"), "log");
        using var syslog = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        syslog.Bind(new UnixDomainSocketEndPoint(socket));
        var service = new RuledService(_home, "noted", """
            - match: {exit: 7}
              do: restart
              retry: {delay: 1ms}
              record: {sinks: [journal, syslog], level: critical}
            - match: {exception: "*", module: "shop.*"}
              do: record
              code: C1
              record: {sinks: [syslog, file], level: warning, text: "{exception} in {module}"}
            - match: {log: "^slow"}
              do: record
              record: {level: debug}
            """, $"logs: {{syslog_socket: {socket}}}");
        await service.MustAsync(ServiceAction.Start);

        service.Write("say", "slow query\n" + RuledService.Traceback("KeyError").Replace(
            "/srv/app.py", Path.Combine(service.Folder, "shop/basket.py"), StringComparison.Ordinal));
        Assert.Matches("^<28>.* noted: C1: KeyError in shop.basket .*$", await ReceiveAsync(syslog));
        var pid = (await service.StatusAsync()).Pid;
        service.Write("end", "7");
        Assert.Matches("^<26>.* noted: noted ended without an order .*exit code 7.*$", await ReceiveAsync(syslog));
        await service.IsBackAsync(pid);

        var kept = await File.ReadAllLinesAsync(Path.Combine(_home.Paths.ServiceLogs("noted"), "failures.log"));
        using var line = JsonDocument.Parse(Assert.Single(kept));
        Assert.Equal("Warning", line.RootElement.GetProperty("level").GetString());
        Assert.Equal("C1", line.RootElement.GetProperty("failure").GetProperty("code").GetString());
        var told = await _home.RunAsync(service.Folder, "events", "noted", "--level", "warning", "--json");
        // That the exception happened is an event without a rule, too; what the rule says of it went elsewhere.
        Assert.DoesNotContain("C1", told.Output, StringComparison.Ordinal);
        var lines = await _home.RunAsync(service.Folder, "events", "noted", "--level", "warning");
        Assert.DoesNotContain("slow query", lines.Output, StringComparison.Ordinal);
        var levels = told.Output.Replace(" ", "", StringComparison.Ordinal);
        Assert.DoesNotContain("\"level\":\"Debug\"", levels, StringComparison.Ordinal);
        Assert.Contains("\"level\":\"Critical\"", levels, StringComparison.Ordinal);
        var all = await _home.RunAsync(service.Folder, "events", "noted", "--level", "debug");
        Assert.Contains("slow query", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_takes_nothing_is_reported_once_and_holds_up_nothing()
    {
        var service = new RuledService(_home, "lost", """
            - match: {exit: 7}
              do: restart
              retry: {delay: 1ms}
              record: {sinks: [journal, syslog]}
            """, "logs: {syslog_socket: /no/such/socket}");
        await service.MustAsync(ServiceAction.Start);

        for (var end = 0; end < 2; end++)
        {
            var pid = (await service.StatusAsync()).Pid;
            service.Write("end", "7");
            await service.IsBackAsync(pid);
        }

        var warnings = await _home.RunAsync(service.Folder, "events", "lost", "--kind", "warning");
        Assert.Single(warnings.Output.Split('\n'), text => text.Contains("could not be written to syslog", StringComparison.Ordinal));
        Assert.Equal(2, (await RuledService.FailuresAsync(_home, "lost")).Count(failure => failure.Event == PyServiceFailureEvent.Failed));
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var bytes = new byte[8192];
        using var limit = Patience.Begin();
        return Encoding.UTF8.GetString(bytes, 0, await socket.ReceiveAsync(bytes, limit.Token));
    }
}
