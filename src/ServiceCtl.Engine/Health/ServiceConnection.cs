using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>A fresh connection to where a service listens.</summary>
public static class ServiceConnection
{
    /// <summary>A client whose paths are the service's. It waits for ever: each question has to have its own limit.</summary>
    /// <param name="address">Where the service listens.</param>
    /// <param name="connect">Opens the connections; null to go by the address.</param>
    public static HttpClient OpenClient(ListenAddress address, Func<CancellationToken, Task<NetworkStream>>? connect = null)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            // A kept connection would hold a worker without threads hostage, and would not tell whether new ones are accepted.
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (_, cancellation) => await (connect?.Invoke(cancellation) ?? OpenAsync(address, cancellation)),
        })
        {
            BaseAddress = new Uri(address.LocalEndPoint is { } endPoint ? $"http://{endPoint}" : "http://localhost"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.ConnectionClose = true;
        return http;
    }

    public static async Task<NetworkStream> OpenAsync(ListenAddress address, CancellationToken cancellation)
    {
        EndPoint endPoint = address.UnixPath is { } path ? new UnixDomainSocketEndPoint(path) : address.LocalEndPoint!;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream,
            address.UnixPath is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
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
