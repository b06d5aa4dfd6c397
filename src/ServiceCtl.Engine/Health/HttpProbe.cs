using System.Net;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Health;

/// <summary>Asks a service over HTTP or HTTPS, on TCP or a Unix socket. Every question goes over a connection of its own.</summary>
public sealed class HttpProbe : IDisposable
{
    private readonly ProbeRule _rule;
    private readonly TimeSpan _timeout;
    private readonly Uri _page;
    private readonly string _name;
    private readonly ProbeRoute _route;
    private HttpClient? _http;

    /// <param name="site">Where the service listens; null where only a URL is asked.</param>
    /// <param name="target">A path on the service's own address, or a URL.</param>
    /// <param name="rule">How it is asked, and which answers are good.</param>
    /// <param name="timeout">How long one question may take.</param>
    public HttpProbe(ProbeSite? site, string target, ProbeRule rule, TimeSpan timeout)
    {
        _rule = rule;
        _timeout = timeout;
        var isPath = target.StartsWith('/');
        _page = new Uri(isPath ? site!.Root + target : target);
        _name = isPath && site!.Listens.UnixPath is { } unix ? $"{target} on {unix}" : isPath ? site!.Root + target : target;
        _route = new ProbeRoute(site, _page, isPath);
    }

    public async Task<ProbeAnswer> AskAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync(new HttpMethod(_rule.Method ?? "GET"), cancellation);
        // Services whose ping takes nothing else.
        if (_rule is { Method: null } && answer is { Good: false, Status: (int)HttpStatusCode.MethodNotAllowed })
            answer = await AskAsync(HttpMethod.Post, cancellation);
        return answer;
    }

    public void Dispose() => _http?.Dispose();

    private async Task<ProbeAnswer> AskAsync(HttpMethod method, CancellationToken cancellation)
    {
        var question = $"{method} {_name}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        try
        {
            _http ??= OpenClient();
            using var request = Request(method);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            var led = response.RequestMessage?.RequestUri is { } last && last != _page ? $", led to {last}," : "";
            return new ProbeAnswer(_rule.Accepts(status), $"{question}{led} answered {status}", status);
        }
        catch (HttpRequestException error)
        {
            return new ProbeAnswer(false, $"{question} failed: {ProbeTls.Reason(error)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeAnswer(false, $"{question} did not answer within {_timeout.TotalSeconds:0.#} s");
        }
    }

    private HttpRequestMessage Request(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, _page);
        foreach (var (name, value) in _rule.Headers ?? new Dictionary<string, string>())
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                request.Headers.Host = value;
            else if (!request.Headers.Remove(name) && !request.Headers.TryAddWithoutValidation(name, value))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private HttpClient OpenClient()
    {
        if (_page.Scheme == Uri.UriSchemeHttps || _rule.Redirects > 0)
            ProbeTls.RequireLibrary();
        var http = new HttpClient(new SocketsHttpHandler
        {
            // A kept connection would hold a worker without threads hostage, and would not tell whether new ones are accepted.
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = _rule.Redirects > 0,
            MaxAutomaticRedirections = Math.Max(1, _rule.Redirects),
            UseProxy = false,
            SslOptions = ProbeTls.Options(_rule.Verify, _rule.CaFile),
            ConnectCallback = _route.ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.ConnectionClose = true;
        http.DefaultRequestHeaders.UserAgent.ParseAdd("servicectl-probe");
        return http;
    }
}
