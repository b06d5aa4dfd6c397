using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Discovery;

/// <summary>Speaks Consul's HTTP API. https://developer.hashicorp.com/consul/api-docs</summary>
public sealed class ConsulClient : IDisposable
{
    private const int LongestToken = 1 << 16;

    /// <summary>Bytes. Whatever answers there can't have the agent's memory.</summary>
    private const int LongestAnswer = 16 * 1024 * 1024;

    private const string TokenVariable = "CONSUL_HTTP_TOKEN";

    /// <summary>What doesn't take a connection within this time is unreachable.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private readonly string _place;
    private readonly HttpClient _http;

    /// <param name="host">The Consul agent's.</param>
    /// <param name="port">The Consul agent's.</param>
    /// <param name="token">ACL token; null for none.</param>
    public ConsulClient(string host, int port, string? token)
    {
        _place = $"{host}:{port.ToString(CultureInfo.InvariantCulture)}";
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri($"http://{(host.Contains(':') ? $"[{host}]" : host)}:{port.ToString(CultureInfo.InvariantCulture)}/v1/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LongestAnswer,
        };
        if (token is not null)
            _http.DefaultRequestHeaders.TryAddWithoutValidation("X-Consul-Token", token);
    }

    /// <summary>The Consul that a service's configuration names, with its token.</summary>
    /// <exception cref="IOException">The file with the token can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ConsulClient Open(ConsulRule rule)
    {
        var token = rule.TokenFile is { } file ? Encoding.UTF8.GetString(UserFiles.ReadAll(rule.Reader, file, LongestToken)).Trim()
            : rule.Reader is { IsAlways: true } ? null : Environment.GetEnvironmentVariable(TokenVariable);
        return new ConsulClient(rule.Host, rule.Port, string.IsNullOrEmpty(token) ? null : token);
    }

    /// <summary>Registers a service, or replaces what is registered under its id.</summary>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task RegisterAsync(ConsulService service, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(service, ConsulJson.Default.ConsulService);
        using var answer = await SendAsync(HttpMethod.Put, "agent/service/register", content, AnswerLimit, cancellation);
    }

    /// <returns>False when it was not registered.</returns>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task<bool> DeregisterAsync(string id, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Put, $"agent/service/deregister/{Uri.EscapeDataString(id)}", null, AnswerLimit,
            cancellation, HttpStatusCode.NotFound);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Says that a check of the kind TTL is well, or is not.</summary>
    /// <returns>False when there is no such check.</returns>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task<bool> UpdateTtlAsync(string checkId, bool isWell, CancellationToken cancellation)
    {
        using var answer = await SendAsync(
            HttpMethod.Put, $"agent/check/{(isWell ? "pass" : "fail")}/{Uri.EscapeDataString(checkId)}", null, AnswerLimit, cancellation,
            HttpStatusCode.NotFound);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The services of this Consul agent, by id.</summary>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task<IReadOnlyDictionary<string, ConsulAgentService>> GetServicesAsync(CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, "agent/services", null, AnswerLimit, cancellation);
        return await ReadAsync(answer, ConsulJson.Default.DictionaryStringConsulAgentService, cancellation);
    }

    /// <summary>The instances of a service whose checks pass.</summary>
    /// <param name="name">The service.</param>
    /// <param name="index">Of the last answer, to wait for the next change; 0 to ask at once.</param>
    /// <param name="wait">Longest wait for a change, up to 10 minutes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task<ConsulAnswer<IReadOnlyList<ConsulHealth>>> GetHealthyAsync(
        string name, ulong index, TimeSpan wait, CancellationToken cancellation)
    {
        using var answer = await WatchAsync($"health/service/{Uri.EscapeDataString(name)}?passing=true", index, wait, cancellation);
        var instances = await ReadAsync(answer, ConsulJson.Default.ListConsulHealth, cancellation);
        // What answers in Consul's place may leave out what has to be there.
        return new([.. instances.Where(instance => instance is { Node: not null, Service.Address: not null })], NextIndex(answer, index));
    }

    /// <summary>The value of a key; null when there is none.</summary>
    /// <param name="key">With its slashes.</param>
    /// <param name="index">Of the last answer, to wait for the next change; 0 to ask at once.</param>
    /// <param name="wait">Longest wait for a change, up to 10 minutes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ConsulException">It can't be reached, or refuses.</exception>
    public async Task<ConsulAnswer<byte[]?>> GetValueAsync(string key, ulong index, TimeSpan wait, CancellationToken cancellation)
    {
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        using var answer = await WatchAsync($"kv/{path}?raw=true", index, wait, cancellation, HttpStatusCode.NotFound);
        return new(answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(cancellation) : null, NextIndex(answer, index));
    }

    public void Dispose() => _http.Dispose();

    /// <summary>An index that goes backwards, or is 0, means that Consul has begun again: then everything is asked for again.</summary>
    /// <remarks>https://developer.hashicorp.com/consul/api-docs/features/blocking</remarks>
    private static ulong NextIndex(HttpResponseMessage answer, ulong former) =>
        answer.Headers.TryGetValues("X-Consul-Index", out var values)
            && ulong.TryParse(values.First(), CultureInfo.InvariantCulture, out var index) && index >= former
            ? index
            : 0;

    private Task<HttpResponseMessage> WatchAsync(
        string path, ulong index, TimeSpan wait, CancellationToken cancellation, params HttpStatusCode[] fine)
    {
        if (index == 0)
            return SendAsync(HttpMethod.Get, path, null, AnswerLimit, cancellation, fine);

        var seconds = Math.Clamp((int)wait.TotalSeconds, 1, 600);
        var question = FormattableString.Invariant($"{path}{(path.Contains('?') ? '&' : '?')}index={index}&wait={seconds}s");
        // Consul adds up to a sixteenth to the wait, so that not all clients come back at once.
        return SendAsync(HttpMethod.Get, question, null, TimeSpan.FromSeconds(seconds * 17.0 / 16) + AnswerLimit, cancellation, fine);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectLimit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"no connection within {ConnectLimit.TotalSeconds:0} s", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, TimeSpan limit, CancellationToken cancellation, params HttpStatusCode[] fine)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(limit);
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            var answer = await _http.SendAsync(request, either.Token);
            if (answer.IsSuccessStatusCode || fine.Contains(answer.StatusCode))
                return answer;
            using (answer)
                throw await RefusalAsync(answer, method, path, either.Token);
        }
        catch (HttpRequestException error)
        {
            throw new ConsulException($"Consul can't be reached on {_place}: {(error.InnerException ?? error).Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ConsulException($"Consul on {_place} did not answer {method} {path} within {limit.TotalSeconds:0} s", error);
        }
    }

    private async Task<ConsulException> RefusalAsync(
        HttpResponseMessage answer, HttpMethod method, string path, CancellationToken cancellation)
    {
        var words = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellation)).Trim();
        var said = words.Length is 0 or > 300 ? "" : $": {words}";
        return new ConsulException(answer.StatusCode == HttpStatusCode.Forbidden
            ? $"Consul on {_place} forbids {method} {path.Split('?')[0]} to this token{said}; see CONSUL_HTTP_TOKEN and "
                + "service.consul.token_file"
            : $"Consul on {_place} answered {(int)answer.StatusCode} to {method} {path.Split('?')[0]}{said}");
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, cancellation) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // It may name a character set that is none, too.
            throw new ConsulException($"What answers on {_place} is not Consul: {error.Message}", error);
        }
    }
}
