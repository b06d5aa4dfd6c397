using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>Asks a service over HTTP, on TCP or a Unix socket. Any status below 400 is good; a POST follows a 405, for services whose ping takes only that.</summary>
public sealed class HttpProbe : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _path;
    private readonly string _name;
    private readonly TimeSpan _timeout;

    /// <param name="address">Where the service listens.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="timeout">How long one question may take.</param>
    /// <param name="connect">Opens the connections; null to go by the address.</param>
    public HttpProbe(ListenAddress address, string path, TimeSpan timeout, Func<CancellationToken, Task<NetworkStream>>? connect = null)
    {
        _path = path;
        _timeout = timeout;
        _name = address.UnixPath is { } unix ? $"{path} on {unix}" : $"http://{address.LocalEndPoint}{path}";
        _http = ServiceConnection.OpenClient(address, connect);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("servicectl-probe");
    }

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync(HttpMethod.Get, cancellation);
        return answer.Status == HttpStatusCode.MethodNotAllowed ? Judge(await AskAsync(HttpMethod.Post, cancellation)) : Judge(answer);
    }

    public void Dispose() => _http.Dispose();

    private static ProbeAnswer Judge((HttpStatusCode? Status, string Words) answer) => new((int?)answer.Status < 400, answer.Words, (int?)answer.Status);

    private async Task<(HttpStatusCode? Status, string Words)> AskAsync(HttpMethod method, CancellationToken cancellation)
    {
        var question = $"{method} {_name}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(method, _path);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (response.StatusCode, $"{question} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException error)
        {
            return (null, $"{question} failed: {(error.InnerException ?? error).Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"{question} did not answer within {_timeout.TotalSeconds:0.#} s");
        }
    }
}
