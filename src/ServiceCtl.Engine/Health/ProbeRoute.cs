using System.Net;
using System.Net.Sockets;

namespace ServiceCtl.Engine.Health;

/// <summary>Finds the way to the page: to the launch that is asked, or to whoever a URL names.</summary>
internal sealed class ProbeRoute
{
    private readonly ProbeSite? _site;
    private readonly Uri _page;
    private readonly bool _isPath;

    /// <param name="site">The service's own place; null where it has none.</param>
    /// <param name="page">What is asked for.</param>
    /// <param name="isPath">Was only its path written, so that it is the service's own?</param>
    public ProbeRoute(ProbeSite? site, Uri page, bool isPath)
    {
        _site = site;
        _page = page;
        _isPath = isPath;
    }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = context.DnsEndPoint;
        if (_isPath && target.Host == _page.IdnHost && target.Port == _page.Port)
            return await _site!.ConnectAsync(cancellation);

        var addresses = await ResolveAsync(target.Host, cancellation);
        if (_site is not null && _site.Is(addresses, target.Port, context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps))
            return await _site.ConnectAsync(cancellation);
        return await ConnectAsync(addresses, target.Port, cancellation);
    }

    /// <exception cref="HttpRequestException">The name has no address; said in words.</exception>
    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        try
        {
            // The resolver of the C library hears of no cancellation.
            return await Dns.GetHostAddressesAsync(host, cancellation).WaitAsync(cancellation) is { Length: > 0 } found
                ? found : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException error)
        {
            throw new HttpRequestException($"the name {host} can't be resolved ({error.Message})");
        }
    }

    private static async Task<NetworkStream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellation)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(addresses[i], port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // localhost is ::1 as well, where few listen.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
