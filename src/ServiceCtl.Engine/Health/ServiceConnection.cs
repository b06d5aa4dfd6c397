using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>A fresh connection to where a service listens.</summary>
public static class ServiceConnection
{
    public static async Task<NetworkStream> OpenAsync(ListenAddress address, CancellationToken cancellation)
    {
        EndPoint endPoint = address.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : address.LocalEndPoint!;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, address.UnixPath is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
