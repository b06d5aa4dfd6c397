using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>A fresh connection to where a service listens.</summary>
public static class ServiceConnection
{
    /// <summary>A client whose paths are the service's. It waits for ever: each question has to have its own limit.</summary>
    public static HttpClient OpenClient(ProbeSite site)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            // A kept connection would hold a worker without threads hostage, and would not tell whether new ones are accepted.
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseProxy = false,
            // TLS as well, so that a certificate that is not trusted, or an authority that can't be read, is the failure of one question.
            ConnectCallback = async (_, cancellation) => await OpenAsync(site, cancellation),
        })
        {
            BaseAddress = new UriBuilder(site.Root) { Scheme = Uri.UriSchemeHttp }.Uri,
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

    private static async Task<Stream> OpenAsync(ProbeSite site, CancellationToken cancellation)
    {
        var plain = await site.ConnectAsync(cancellation);
        if (site.Tls is not { } rule)
            return plain;
        var encrypted = new SslStream(plain);
        try
        {
            ProbeTls.RequireLibrary();
            var options = ProbeTls.Options(rule.Verify, rule.CaFile);
            options.TargetHost = new Uri(site.Root).IdnHost;
            await encrypted.AuthenticateAsClientAsync(options, cancellation);
            return encrypted;
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
    }
}
