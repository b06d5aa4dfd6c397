using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Tells the service manager that started this process how it is, by systemd's protocol. Best effort, as it is meant: nothing here throws,
/// and a manager that does not listen is no reason to stop. https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
/// </summary>
public sealed class ServiceNotifier : IDisposable
{
    public const string Variable = "NOTIFY_SOCKET";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _manager;

    private ServiceNotifier(UnixDomainSocketEndPoint manager, TimeSpan? watchdog)
    {
        _manager = manager;
        Watchdog = watchdog;
    }

    /// <summary>Whoever is silent for so long is taken for hung, and ended. Null: nobody watches.</summary>
    public TimeSpan? Watchdog { get; }

    /// <returns>Null for a process that no service manager waits for.</returns>
    public static ServiceNotifier? FromEnvironment() => From(Environment.GetEnvironmentVariable, Environment.ProcessId);

    public void Ready() => Send("READY=1");

    public void Stopping() => Send("STOPPING=1");

    public void KeepAlive() => Send("WATCHDOG=1");

    /// <summary>One line for 'systemctl status'.</summary>
    public void Status(string words) => Send($"STATUS={words.ReplaceLineEndings(" ")}");

    public void Dispose() => _socket.Dispose();

    internal static ServiceNotifier? From(Func<string, string?> variable, int pid)
    {
        // Other address families (vsock) are for virtual machines.
        if (variable(Variable) is not { Length: > 1 } address || address[0] is not ('/' or '@'))
            return null;

        try
        {
            // @ stands for the zero byte of Linux's abstract names.
            var manager = new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address);
            return new ServiceNotifier(manager, WatchdogOf(variable, pid));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The variables are inherited: a watchdog is for the process whose pid it names.</summary>
    private static TimeSpan? WatchdogOf(Func<string, string?> variable, int pid)
    {
        var isOurs = variable("WATCHDOG_PID") is not { Length: > 0 } whose || whose == pid.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : null;
    }

    private void Send(string state)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _manager);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The manager has gone, or restarts.
        }
    }
}
