using System.Net.Security;
using System.Net.Sockets;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
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

    /// <param name="address">Where the service listens.</param>
    /// <param name="user">Who connects to a Unix socket: what its path leads to is that user's choice. Null: this process's own.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<NetworkStream> OpenAsync(ListenAddress address, string? user, CancellationToken cancellation)
    {
        if (address.UnixPath is { } path)
            return OpenUnix(path, known: null, user);
        var socket = new Socket(address.LocalEndPoint!.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.LocalEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="UnixSocketFile.Connect"/>
    internal static NetworkStream OpenUnix(string path, FileIdentity? known, string? user)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            UnixSocketFile.Connect(socket, path, known, user);
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
