using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Client.Api;

/// <summary>
/// Speaks the control API of a running agent. Its errors come back as the <see cref="ServiceCtlException"/> that the agent met.
/// </summary>
public sealed partial class AgentClient : IDisposable
{
    private static readonly Uri Api = new("http://agent/v1/");

    private readonly string _socket;
    private readonly HttpMessageInvoker _http;

    public AgentClient(string socket)
    {
        _socket = socket;
        // Without what only the network needs: each command pays again for everything that is on the way of its request.
        // There is no limit: every order has its own, kept by the agent, which knows what it is waiting for.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) => new NetworkStream(await ConnectAsync(cancellation), ownsSocket: true),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>Does an agent listen on the socket? Asks it nothing, so that a command makes one request, not two.</summary>
    public async Task<bool> IsListeningAsync(CancellationToken cancellation)
    {
        try
        {
            using var connection = await ConnectAsync(cancellation);
            // Of one that was killed, the kernel lets go in the end: until then it takes connections that nobody will answer.
            return ProcFs.TryRead(PeerCredentials.Of(connection).Pid) is not ({ HasEnded: true } or { IsExiting: true });
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ServiceCtlException(
                ErrorCode.AgentUnreachable, _socket, $"No agent can listen on {_socket}: the path of a Unix socket has at most 108 bytes.",
                "Choose a shorter folder for SERVICECTL_HOME.", error);
        }
    }

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
    public IAsyncEnumerable<OperationEvent> SwitchReleaseAsync(ReleaseSwitchRequest request, CancellationToken cancellation) =>
        StreamAsync("releases", request, AgentJson.Default.ReleaseSwitchRequest, AgentJson.Default.OperationEvent, cancellation);

    /// <summary>Has tests run, and streams what comes of them.</summary>
    public IAsyncEnumerable<ServiceTestEvent> TestAsync(ServiceTestRequest request, CancellationToken cancellation) =>
        StreamAsync("tests", request, AgentJson.Default.ServiceTestRequest, AgentJson.Default.ServiceTestEvent, cancellation);

    /// <summary>What happened after the event with a number; then, for a follower, a null, and what happens until the agent ends.</summary>
    public async IAsyncEnumerable<ServiceEvent?> ReadEventsAsync(
        long after, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await SendAsync(
            HttpMethod.Get, FormattableString.Invariant($"events?after={after}&follow={(follow ? "true" : "false")}"), null, cancellation);
        await foreach (var line in ReadLinesAsync(response, cancellation))
            yield return line.Length == 0 ? null : JsonSerializer.Deserialize(line, AgentJson.Default.ServiceEvent);
    }

    /// <summary>Has logs sorted, and streams steps and reports as they come.</summary>
    public async IAsyncEnumerable<RelogEvent> RelogAsync(RelogRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = Json(request, AgentJson.Default.RelogRequest);
        using var response = await SendAsync(HttpMethod.Post, "relog", content, cancellation);
        await foreach (var line in ReadLinesAsync(response, cancellation))
            yield return JsonSerializer.Deserialize(line, AgentJson.Default.RelogEvent)!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellation);
            RequireOurs(PeerCredentials.Of(socket).Uid);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Before the first byte: what is pushed holds secrets, and another user's program could listen where the agent should.
    /// </summary>
    private void RequireOurs(int user)
    {
        if (user != 0 && user != PeerCredentials.OwnUid)
        {
            throw new ServiceCtlException(
                ErrorCode.AccessDenied, _socket, $"A program of uid {user} listens on {_socket}, and you are uid {PeerCredentials.OwnUid}.",
                "Act as that user (sudo -u), or set SERVICECTL_HOME to a folder of your own.");
        }
    }

    /// <summary>Posts a request that is answered by a line of JSON for each thing that happens.</summary>
    private async IAsyncEnumerable<TEvent> StreamAsync<TRequest, TEvent>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TEvent> eventType,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var content = Json(request, requestType);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellation);
        await foreach (var line in ReadLinesAsync(response, cancellation))
            yield return JsonSerializer.Deserialize(line, eventType)!;
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
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw error.InnerException as ServiceCtlException ?? Unreachable(error);
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
        {
            return new ServiceCtlException(
                ErrorCode.InvalidState, _socket, "The running agent is of another version, which can't do that. Nothing was changed.",
                "Replace it with 'servicectl agent restart'; services keep running.");
        }

        try
        {
            return new ServiceCtlException(await ReadAsync(response, AgentJson.Default.ErrorReport, cancellation));
        }
        catch (JsonException error)
        {
            return new ServiceCtlException(
                ErrorCode.Internal, _socket, $"The agent answered {(int)response.StatusCode} without saying why.",
                "Look into the agent's log; 'servicectl agent' shows where it is.", error);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        // As a whole: what would read it piece by piece is compiled for it at each start.
        return JsonSerializer.Deserialize(await ReadAsync(response, cancellation), type) ?? throw new JsonException("null");
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(error);
        }
    }

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type) => new(JsonSerializer.SerializeToUtf8Bytes(value, type))
    {
        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
    };

    private async IAsyncEnumerable<string> ReadLinesAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var lines = new StreamReader(stream);
        while (await ReadLineAsync(lines, cancellation) is { } line)
            yield return line;
    }

    private async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadLineAsync(cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Unreachable(error);
        }
    }

    private ServiceCtlException Unreachable(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
            ? new ServiceCtlException(
                ErrorCode.AgentUnreachable, _socket, $"No agent answers on {_socket}: {error.InnerException?.Message ?? error.Message}.",
                "Start it with 'servicectl agent start'.", error)
            : new ServiceCtlException(
                ErrorCode.AgentUnreachable, _socket, $"The agent went away in the middle of the conversation: {error.Message}",
                "The next command starts a new one; its log says what happened to the old.", error);

    private static string Query(IReadOnlyList<string> patterns, params string[] others) =>
        patterns.Count + others.Length == 0
            ? "" : "?" + string.Join('&', [.. patterns.Select(pattern => "name=" + WebUtility.UrlEncode(pattern)), .. others]);
}
