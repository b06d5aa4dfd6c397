using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ServiceCtl.Tests.Integration.Support;

/// <summary>
/// Stands for Telegram's Bot API, Slack's incoming webhooks and a webhook of a user's, as strict as their documentation:
/// https://core.telegram.org/bots/api, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. One bot and one hook.
/// </summary>
public sealed class AlertReceivers : IAsyncDisposable
{
    public const string Token = "123456789:AAExampleOfATokenAsBotFatherGives1";

    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, DateTime> _last = [];
    private Task _loop = Task.CompletedTask;

    public AlertReceivers()
    {
        Port = LocalService.FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>What was taken, in order: the way, the text or body, and the webhook's headers.</summary>
    public ConcurrentQueue<(string Way, string Text, string? Id, string? Signature)> Taken { get; } = [];

    /// <summary>Every message that came, taken or not.</summary>
    public ConcurrentQueue<(string Way, string? Id)> Asked { get; } = [];

    /// <summary>What happens to the next messages before they are taken: <c>503</c>, <c>429</c>, <c>half</c>, <c>hang</c>.</summary>
    public ConcurrentQueue<string> Troubles { get; } = [];

    /// <summary>How long it takes to take one.</summary>
    public TimeSpan Slowness { get; set; }

    public AlertReceivers Start()
    {
        _listener.Start();
        _loop = Task.Run(RunAsync);
        return this;
    }

    public IEnumerable<string> TextsOf(string way) => Taken.Where(one => one.Way == way).SelectMany(one => one.Text.Split('\n'));

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = Task.Run(() => ServeAsync(context));
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            var request = context.Request;
            using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var path = request.Url!.AbsolutePath;
            var way = path.StartsWith("/bot", StringComparison.Ordinal) ? "telegram"
                : path.StartsWith("/services/", StringComparison.Ordinal) ? "slack" : "webhook";
            Asked.Enqueue((way, request.Headers["Idempotency-Key"]));
            await Task.Delay(Slowness);
            if (path == "/hang")
                await BeTroubleAsync(context, way, "hang");
            if (Troubles.TryDequeue(out var trouble))
            {
                await BeTroubleAsync(context, way, trouble);
                return;
            }

            var (status, answer) = request.HttpMethod != "POST" || request.ContentType?.StartsWith("application/json",
                    StringComparison.Ordinal) != true
                ? (400, "not a POST of JSON")
                : way switch
                {
                    "telegram" => Telegram(path, body),
                    "slack" => Slack(path, body),
                    _ => (204, ""),
                };
            if (way == "webhook")
                Taken.Enqueue((way, body, request.Headers["Idempotency-Key"], request.Headers["ServiceCtl-Signature"]));
            await AnswerAsync(context, status, answer);
        }
        catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The other end has gone.
        }
    }

    private (int, string) Telegram(string path, string body)
    {
        if (path != $"/bot{Token}/sendMessage")
            return (401, """{"ok":false,"error_code":401,"description":"Unauthorized"}""");
        var message = JsonDocument.Parse(body).RootElement;
        if (!message.TryGetProperty("text", out var text) || text.GetString() is not { Length: > 0 and <= 4096 })
            return (400, """{"ok":false,"error_code":400,"description":"Bad Request: message text is empty"}""");
        if (message.GetProperty("chat_id").GetString() != "-100123")
            return (400, """{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}""");
        if (IsTooSoon("telegram"))
            return (429, """{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}""");
        Taken.Enqueue(("telegram", text.GetString()!, null, null));
        return (200, """{"ok":true,"result":{"message_id":1}}""");
    }

    private (int, string) Slack(string path, string body)
    {
        if (path != "/services/T0/B0/x")
            return (404, "no_service");
        JsonElement message;
        try
        {
            message = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            return (400, "invalid_payload");
        }

        if (!message.TryGetProperty("text", out var text) || text.GetString() is not { Length: > 0 })
            return (400, "no_text");
        if (IsTooSoon("slack"))
            return (429, "rate_limited");
        Taken.Enqueue(("slack", text.GetString()!, null, null));
        return (200, "ok");
    }

    private bool IsTooSoon(string way)
    {
        lock (_last)
        {
            var now = DateTime.UtcNow;
            // A little less than a second: a sender keeps its pace from the answer on.
            if (_last.TryGetValue(way, out var last) && now - last < TimeSpan.FromMilliseconds(900))
                return true;
            _last[way] = now;
            return false;
        }
    }

    private static async Task BeTroubleAsync(HttpListenerContext context, string way, string trouble)
    {
        switch (trouble)
        {
            case "hang":
                await Task.Delay(TimeSpan.FromSeconds(60));
                context.Response.Abort();
                break;
            case "half":
                context.Response.ContentLength64 = 1000;
                await context.Response.OutputStream.WriteAsync("""{"ok":tr"""u8.ToArray());
                await context.Response.OutputStream.FlushAsync();
                context.Response.Abort();
                break;
            case "429" when way == "telegram":
                await AnswerAsync(context, 429,
                    """{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 2","parameters":{"retry_after":2}}""");
                break;
            case "429":
                context.Response.Headers["Retry-After"] = "2";
                await AnswerAsync(context, 429, "rate_limited");
                break;
            default:
                await AnswerAsync(context, int.Parse(trouble, CultureInfo.InvariantCulture), "<html>trouble</html>");
                break;
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, int status, string answer)
    {
        context.Response.StatusCode = status;
        if (answer.Length > 0)
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        context.Response.Close();
    }
}
