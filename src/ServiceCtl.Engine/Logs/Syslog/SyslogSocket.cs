using System.Net.Sockets;

namespace ServiceCtl.Engine.Logs.Syslog;

/// <summary>
/// Syslog's local datagram socket. A syslog that was restarted has a new socket of the same name, which is found by itself.
/// </summary>
internal sealed class SyslogSocket : IDisposable
{
    private Socket? _socket;

    public SyslogSocket(string path)
    {
        Path = path;
    }

    public string Path { get; }

    /// <summary>Never waits: for whoever writes few lines and wants to know at once whether they were taken.</summary>
    /// <exception cref="SocketException">Nobody listens there, or it is full.</exception>
    public void Send(byte[] message)
    {
        var isFresh = _socket is null;
        try
        {
            SendOnce(message);
        }
        catch (SocketException error) when (!isFresh && error.SocketErrorCode != SocketError.WouldBlock)
        {
            SendOnce(message);
        }
    }

    /// <summary>Waits as long as it is full.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public async Task SendAsync(byte[] message, CancellationToken cancellation)
    {
        var isFresh = _socket is null;
        try
        {
            await SendOnceAsync(message, cancellation);
        }
        catch (SocketException) when (!isFresh)
        {
            await SendOnceAsync(message, cancellation);
        }
    }

    public void Dispose() => Close();

    private void SendOnce(byte[] message)
    {
        try
        {
            Connect().Send(message);
        }
        catch (SocketException)
        {
            Close();
            throw;
        }
    }

    private async Task SendOnceAsync(byte[] message, CancellationToken cancellation)
    {
        try
        {
            await Connect().SendAsync(message, SocketFlags.None, cancellation);
        }
        catch (SocketException)
        {
            Close();
            throw;
        }
    }

    private Socket Connect()
    {
        if (_socket is not null)
            return _socket;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        _socket.Connect(new UnixDomainSocketEndPoint(Path));
        return _socket;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
