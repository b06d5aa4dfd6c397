using System.Net.Sockets;
using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// Where one launch says by systemd's protocol how it is. READY and STATUS are heard; the rest (MAINPID, WATCHDOG, …) is taken, so that
/// no sender ever waits, and passed over. https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
/// </summary>
internal sealed class NotifySocket : IDisposable
{
    public const string Variable = ServiceNotifier.Variable;

    // systemd's own limit.
    private const int LongestMessage = 64 * 1024;

    private readonly Socket _socket;
    private volatile bool _isReady;
    private volatile string? _status;

    private NotifySocket(Socket socket, string path)
    {
        _socket = socket;
        Path = path;
    }

    public string Path { get; }

    public bool IsReady => _isReady;

    /// <summary>The last STATUS it sent, in its own words.</summary>
    public string? Status => _status;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: the socket can't be made.</exception>
    public static NotifySocket Open(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            socket.Dispose();
            throw new ServiceCtlException(
                ErrorCode.System, path, $"The notify socket {path} can't be made: {error.Message}",
                "A socket's path has room for 107 bytes; a shorter service name or SERVICECTL_HOME helps.", error);
        }

        var notify = new NotifySocket(socket, path);
        _ = notify.ReceiveAsync();
        return notify;
    }

    public void Dispose() => _socket.Dispose();

    internal void Take(string message)
    {
        foreach (var line in message.Split('\n'))
        {
            if (line == "READY=1")
                _isReady = true;
            else if (line.StartsWith("STATUS=", StringComparison.Ordinal))
                _status = line["STATUS=".Length..];
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[LongestMessage];
        try
        {
            while (true)
                Take(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer)));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The launch is over.
        }
    }
}
