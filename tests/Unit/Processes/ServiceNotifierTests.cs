using System.Net.Sockets;
using System.Text;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class ServiceNotifierTests
{
    [Theory]
    [InlineData("30000000", "42", 30)]
    [InlineData("30000000", "", 30)]
    [InlineData("30000000", "43", null)]
    [InlineData("soon", "42", null)]
    [InlineData("0", "42", null)]
    public void The_watchdog_is_for_the_process_it_names(string microseconds, string pid, int? seconds)
    {
        using var notifier = Of(new() { ["NOTIFY_SOCKET"] = "@nobody", ["WATCHDOG_USEC"] = microseconds, ["WATCHDOG_PID"] = pid });

        Assert.Equal(seconds is { } whole ? TimeSpan.FromSeconds(whole) : null, notifier!.Watchdog);
        // Nobody listens, and that is no trouble.
        notifier.Ready();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_there_is_nobody_to_tell(string? socket) =>
        Assert.Null(ServiceNotifier.From(name => name == "NOTIFY_SOCKET" ? socket : null, pid: 42));

    [Fact]
    public void The_manager_hears_it_on_an_abstract_socket()
    {
        var name = $"servicectl-{Guid.NewGuid():N}";
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        manager.Bind(new UnixDomainSocketEndPoint("\0" + name));
        using var notifier = Of(new() { ["NOTIFY_SOCKET"] = "@" + name });

        notifier!.Ready();
        notifier.Status("two\nlines");
        notifier.KeepAlive();
        notifier.Stopping();

        var heard = new byte[100];
        Assert.Equal(
            ["READY=1", "STATUS=two lines", "WATCHDOG=1", "STOPPING=1"],
            Enumerable.Range(0, 4).Select(_ => Encoding.UTF8.GetString(heard, 0, manager.Receive(heard))));
    }

    private static ServiceNotifier? Of(Dictionary<string, string> variables) =>
        ServiceNotifier.From(name => variables.GetValueOrDefault(name), pid: 42);
}
