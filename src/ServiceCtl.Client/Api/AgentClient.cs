using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;

namespace ServiceCtl.Client.Api;

/// <summary>
/// Speaks the control API of a running agent. Its errors come back as the <see cref="ServiceCtlException"/> that the agent met.
/// </summary>
public sealed partial class AgentClient : IDisposable
{
    private static readonly Uri Api = new("http://agent/v1/");

    /// <summary>More than an answer of thousands of services has: what another host sends fills no memory.</summary>
    private const long MostBytes = 256 << 20;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);

    private readonly AgentRoute _route;
    private readonly HttpMessageInvoker _http;

    internal AgentClient(AgentRoute route)
    {
        _route = route;
        // Without what only the network needs: each command pays again for everything that is on the way of its request.
        // There is no limit: every order has its own, kept by the agent, which knows what it is waiting for.
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => _route.ConnectAsync(cancellation),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        if (route.HostName is not null)
        {
            // The channel is held. Its other end has to answer while something is asked of it.
            handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (SignOfLife, SignOfLife);
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        }

        _http = new HttpMessageInvoker(handler);
    }

    private bool IsElsewhere => _route.HostName is not null;

    /// <summary>Who answers on the socket.</summary>
    public Task<AgentInfo> GetInfoAsync(CancellationToken cancellation) => GetAsync("agent", AgentJson.Default.AgentInfo, cancellation);

    /// <summary>Who answers on the socket; null when nobody does.</summary>
    public async Task<AgentInfo?> TryGetInfoAsync(CancellationToken cancellation)
    {
        try
        {
            return await GetInfoAsync(cancellation);
        }
        catch (ServiceCtlException error) when (error.Code == ErrorCode.AgentUnreachable)
        {
            return null;
        }
    }

    public Task StopAgentAsync(RunningServices running, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"agent/stop?services={running}", null, cancellation);

    public Task<IReadOnlyList<PyService>> GetServicesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        GetAsync("services" + Query(patterns), AgentJson.Default.IReadOnlyListPyService, cancellation);

    public async Task<PyService> RegisterAsync(RegistrationRequest request, CancellationToken cancellation)
    {
        using var content = Json(request, AgentJson.Default.RegistrationRequest);
        using var response = await SendAsync(HttpMethod.Post, "services", content, cancellation);
        return await ReadAsync(response, AgentJson.Default.PyService, cancellation);
    }

    public async Task UnregisterAsync(string name, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"services/{Uri.EscapeDataString(name)}", null, cancellation);
    }

    /// <summary>Says what becomes of a service at boot.</summary>
    public async Task<PyService> SetAtBootAsync(string name, BootStart start, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Put, $"services/{Uri.EscapeDataString(name)}/boot?start={start}", null,
            cancellation);
        return await ReadAsync(response, AgentJson.Default.PyService, cancellation);
    }

    /// <summary>Waits until the service is in <paramref name="state"/>.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.TimedOut"/>, with the state it was in.</exception>
    public Task<PyService> WaitAsync(string name, ServiceState state, TimeSpan limit, CancellationToken cancellation) =>
        GetAsync(
            FormattableString.Invariant($"services/{Uri.EscapeDataString(name)}/wait?state={state}&seconds={limit.TotalSeconds}"),
            AgentJson.Default.PyService, cancellation);

    /// <summary>Gives an order, and streams its steps and results as they come.</summary>
    public IAsyncEnumerable<OperationEvent> OperateAsync(OperationRequest request, CancellationToken cancellation) =>
        StreamAsync("operations", request, AgentJson.Default.OperationRequest, AgentJson.Default.OperationEvent, cancellation);

    /// <summary>Has a release of a service serve, and streams steps and the result.</summary>
    // By another path for a canary: an agent that knows none would pass over it, and serve the release to everybody.
    public IAsyncEnumerable<OperationEvent> SwitchReleaseAsync(ReleaseSwitchRequest request, CancellationToken cancellation) =>
        StreamAsync(request.Canary is null ? "releases" : "releases/canary", request,
            AgentJson.Default.ReleaseSwitchRequest, AgentJson.Default.OperationEvent, cancellation);

    /// <summary>Has tests run, and streams what comes of them.</summary>
    public IAsyncEnumerable<ServiceTestEvent> TestAsync(ServiceTestRequest request, CancellationToken cancellation) =>
        StreamAsync("tests", request, AgentJson.Default.ServiceTestRequest, AgentJson.Default.ServiceTestEvent, cancellation);

    /// <summary>What happened after the event with a number; then, for a follower, a null, and what happens until the agent ends.</summary>
    public async IAsyncEnumerable<ServiceEvent?> ReadEventsAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await SendAsync(
            HttpMethod.Get, FormattableString.Invariant($"events?after={after}&follow={(follow ? "true" : "false")}"), null, cancellation);
        await foreach (var line in ReadLinesAsync(response, AgentJson.Default.ServiceEvent, cancellation))
            yield return line;
    }

    /// <summary>Lines of logs; for a follower, with a null between those that were there and those that come.</summary>
    public async IAsyncEnumerable<LogLine?> ReadLogsAsync(LogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = Json(request, AgentJson.Default.LogRequest);
        using var response = await SendAsync(HttpMethod.Post, "logs", content, cancellation);
        await foreach (var line in ReadLinesAsync(response, AgentJson.Default.LogLine, cancellation))
            yield return line;
    }

    /// <summary>Has logs sorted, and streams steps and reports as they come.</summary>
    public IAsyncEnumerable<RelogEvent> RelogAsync(RelogRequest request, CancellationToken cancellation) =>
        StreamAsync("relog", request, AgentJson.Default.RelogRequest, AgentJson.Default.RelogEvent, cancellation);

    public void Dispose()
    {
        _http.Dispose();
        _route.Dispose();
    }

    /// <summary>Posts a request that is answered by a line of JSON for each thing that happens.</summary>
    private async IAsyncEnumerable<TEvent> StreamAsync<TRequest, TEvent>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TEvent> eventType,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = Json(request, requestType);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation);
        await foreach (var happened in ReadLinesAsync(response, eventType, cancellation))
        {
            if (happened is not null)
                yield return happened;
        }
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(Api, path)) { Content = content };
        return await SendAsync(request, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        (request.Version, request.VersionPolicy) = (_route.HttpVersion, HttpVersionPolicy.RequestVersionExact);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as ServiceCtlException ?? _route.Unreachable(error);
        }

        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw await RefusalAsync(response, cancellation);
    }

    private async Task<ServiceCtlException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // Only what no route takes is answered without a word.
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed
            && response.Content.Headers.ContentType is null)
            return _route.OtherVersion(", which can't do that. Nothing was changed.");

        try
        {
            return new ServiceCtlException(await ReadAsync(response, AgentJson.Default.ErrorReport, cancellation));
        }
        catch (JsonException error)
        {
            return new ServiceCtlException(
                ErrorCode.Internal, _route.Place, $"The agent answered {(int)response.StatusCode} without saying why.",
                "Look into the agent's log; 'servicectl agent' shows where it is.", error);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        // As a whole: what would read it piece by piece is compiled for it at each start.
        return Understand(await ReadAsync(response, cancellation), type) ?? throw new JsonException("null");
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            if (IsElsewhere)
                await response.Content.LoadIntoBufferAsync(MostBytes, cancellation);
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw _route.Unreachable(error);
        }
    }

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    /// <summary>A value for each line; the default one for an empty line.</summary>
    private async IAsyncEnumerable<T?> ReadLinesAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var lines = new AnswerLines(stream);
        while (await ReadLineAsync(lines, cancellation) is { } line)
            yield return line.Length == 0 ? default : Understand(line.Span, type);
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(AnswerLines lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadAsync(cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
        {
            throw _route.Unreachable(error);
        }
    }

    private T? Understand<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return HostStamp.Of(JsonSerializer.Deserialize(json, type), _route.HostName);
        }
        catch (JsonException) when (IsElsewhere)
        {
            throw _route.OtherVersion(", and answers what can't be understood.");
        }
    }

    private static string Query(IReadOnlyList<string> patterns, params string[] others) =>
        patterns.Count + others.Length == 0
            ? "" : "?" + string.Join('&', [.. patterns.Select(pattern => "name=" + WebUtility.UrlEncode(pattern)), .. others]);
}
