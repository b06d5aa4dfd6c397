using System.Net.Sockets;

namespace ServiceCtl.Engine.Logs.Syslog;

/// <summary>Syslog's local datagram socket, for whoever writes few lines and wants to know at once whether they were taken. Never waits.</summary>
internal sealed class SyslogSocket : IDisposable
{
    private readonly string _path;
    private Socket? _socket;

    public SyslogSocket(string path)
    {
        _path = path;
    }

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
            // A syslog that was restarted has a new socket of the same name.
            SendOnce(message);
        }
    }

    public void Dispose() => _socket?.Dispose();

    private void SendOnce(byte[] message)
    {
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
                _socket.Connect(new UnixDomainSocketEndPoint(_path));
            }

            _socket.Send(message);
        }
        catch (SocketException)
        {
            _socket?.Dispose();
            _socket = null;
            throw;
        }
    }
}
