using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>
/// Stands for a Consul agent, which this machine can't have: the parts of its documented HTTP API that we use, with its status codes, its
/// index, its blocking queries and its ACL. https://developer.hashicorp.com/consul/api-docs
/// </summary>
public sealed class FakeConsul : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Dictionary<string, JsonObject> _services = [];
    private readonly Dictionary<string, byte[]> _values = [];
    private readonly Dictionary<string, string> _ttl = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _index = 10;

    public FakeConsul()
    {
        HttpPort = LocalService.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{HttpPort}/");
        _listener.Start();
        _loop = Task.Run(RunAsync);
    }

    public int HttpPort { get; }

    /// <summary>The only token that may do anything; null for no ACL.</summary>
    public string? Token { get; init; }

    /// <summary>Method and path of everything that was asked, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>The token of everything that was asked.</summary>
    public ConcurrentQueue<string?> Tokens { get; } = [];

    public JsonObject? Service(string id)
    {
        lock (_gate)
            return _services.GetValueOrDefault(id);
    }

    public string? TtlStatus(string checkId)
    {
        lock (_gate)
            return _ttl.GetValueOrDefault(checkId);
    }

    public void SetValue(string key, string? value) => Change(() =>
    {
        if (value is null)
            _values.Remove(key);
        else
            _values[key] = Encoding.UTF8.GetBytes(value);
    });

    /// <summary>A service that somebody else has registered.</summary>
    public void Register(JsonObject service) => Change(() => _services[service["ID"]!.GetValue<string>()] = service);

    /// <summary>As after a restart of Consul: the index begins anew.</summary>
    public void ResetIndex() => Change(() => _index = 0);

    /// <summary>From here on nobody answers. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
            return;
        await _end.CancelAsync();
        _listener.Close();
        await _loop;
        _end.Dispose();
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _index++;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.HttpMethod} {Uri.UnescapeDataString(request.Url!.AbsolutePath)}");
        try
        {
            Tokens.Enqueue(request.Headers["X-Consul-Token"]);
            var (status, body) = Token is not null && request.Headers["X-Consul-Token"] != Token
                ? (403, "Permission denied: token with AccessorID '00000000-0000-0000-0000-000000000002' lacks permission")
                : await RouteAsync(request);
            lock (_gate)
                context.Response.Headers["X-Consul-Index"] = _index.ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = status;
            context.Response.ContentType = body.StartsWith('{') || body.StartsWith('[') ? "application/json" : "text/plain; charset=utf-8";
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or OperationCanceledException)
        {
            // The client, or the test, has gone.
        }
    }

    private async Task<(int Status, string Body)> RouteAsync(HttpListenerRequest request)
    {
        var parts = request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (request.HttpMethod, parts)
        {
            case ("PUT", ["v1", "agent", "service", "register"]):
                using (var reader = new StreamReader(request.InputStream))
                    return Register(await reader.ReadToEndAsync());
            case ("PUT", ["v1", "agent", "service", "deregister", var id]):
                return Deregister(Uri.UnescapeDataString(id));
            case ("PUT", ["v1", "agent", "check", "pass" or "fail", var id]):
                return Report(Uri.UnescapeDataString(id), parts[3]);
            case ("GET", ["v1", "agent", "services"]):
                lock (_gate)
                    return (200, new JsonObject(
                        _services.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)AgentView(pair.Value)))).ToJsonString());
            case ("GET", ["v1", "catalog", "service", var name]):
                await WaitAsync(request);
                lock (_gate)
                    return (200, new JsonArray([.. Named(name).Select(CatalogView)]).ToJsonString());
            case ("GET", ["v1", "health", "service", var name]):
                await WaitAsync(request);
                lock (_gate)
                    return (200,
                        new JsonArray(
                            [.. Named(name)
                                .Select(service =>
                                    new JsonObject { ["Node"] = new JsonObject { ["Address"] = "10.0.0.1" },
                                        ["Service"] = AgentView(service) })]).ToJsonString());
            case ("GET", ["v1", "kv", .. var key]):
                await WaitAsync(request);
                lock (_gate)
                    return _values.TryGetValue(string.Join('/', key.Select(Uri.UnescapeDataString)), out var value)
                        ? (200, Encoding.UTF8.GetString(value)) : (404, "");
            default:
                return request.Url.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal) ? (405, "method not allowed") : (404, "");
        }
    }

    /// <summary>A blocking query returns at a change or after the wait, whichever comes first.</summary>
    private async Task WaitAsync(HttpListenerRequest request)
    {
        if (!ulong.TryParse(request.QueryString["index"], CultureInfo.InvariantCulture, out var seen) || seen == 0)
            return;

        var wait = TimeSpan.FromSeconds(double.Parse((request.QueryString["wait"] ?? "300s").TrimEnd('s'), CultureInfo.InvariantCulture));
        Task change;
        lock (_gate)
        {
            if (_index != seen)
                return;
            change = _changed.Task;
        }

        await Task.WhenAny(change, Task.Delay(wait, _end.Token));
    }

    private (int Status, string Body) Register(string body)
    {
        if (JsonNode.Parse(body) is not JsonObject service || service["Name"]?.GetValue<string>() is not { Length: > 0 } name)
            return (400, "Missing service name");

        service["ID"] ??= name;
        var id = service["ID"]!.GetValue<string>();
        Change(() =>
        {
            _services[id] = service;
            if (service["Check"]?["TTL"] is not null)
                _ttl[$"service:{id}"] = "critical";
        });
        return (200, "");
    }

    private (int Status, string Body) Deregister(string id)
    {
        if (Service(id) is null)
            return (404, $"Unknown service ID \"{id}\". Ensure that the service ID is passed, not the service name.");
        Change(() =>
        {
            _services.Remove(id);
            _ttl.Remove($"service:{id}");
        });
        return (200, "");
    }

    private (int Status, string Body) Report(string id, string word)
    {
        if (TtlStatus(id) is null)
            return (404, $"Unknown check ID \"{id}\". Ensure that the check ID is passed, not the check name.");
        Change(() => _ttl[id] = word == "pass" ? "passing" : "critical");
        return (200, "");
    }

    private IEnumerable<JsonObject> Named(string name) =>
        _services.Values.Where(service => service["Name"]!.GetValue<string>() == Uri.UnescapeDataString(name));

    private static JsonObject AgentView(JsonObject service) => new()
    {
        ["ID"] = service["ID"]!.DeepClone(),
        ["Service"] = service["Name"]!.DeepClone(),
        ["Tags"] = service["Tags"]?.DeepClone() ?? new JsonArray(),
        ["Address"] = service["Address"]?.DeepClone() ?? "",
        ["Port"] = service["Port"]?.DeepClone() ?? 0,
    };

    private static JsonObject CatalogView(JsonObject service) => new()
    {
        ["Node"] = "fake",
        ["Address"] = "10.0.0.1",
        ["ServiceID"] = service["ID"]!.DeepClone(),
        ["ServiceName"] = service["Name"]!.DeepClone(),
        ["ServiceAddress"] = service["Address"]?.DeepClone() ?? "",
        ["ServicePort"] = service["Port"]?.DeepClone() ?? 0,
        ["ServiceTags"] = service["Tags"]?.DeepClone() ?? new JsonArray(),
    };
}
