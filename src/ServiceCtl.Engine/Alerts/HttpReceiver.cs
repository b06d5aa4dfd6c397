using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Health;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Posts JSON. Certificates are verified, redirections are not followed, and nothing is waited for without a limit.</summary>
internal abstract class HttpReceiver : IAlertReceiver
{
    private const int LongestAnswer = 64 * 1024;
    private const int LongestWords = 300;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly SecretMask _mask;
    private readonly Uri _url;

    protected HttpReceiver(AlertDestination destination, string url, TimeProvider time)
    {
        Destination = destination;
        Time = time;
        _mask = SecretMask.Of(destination.Secrets);
        _url = new Uri(url);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 32,
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = ReceiverTls.Verify },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    protected AlertDestination Destination { get; }

    protected TimeProvider Time { get; }

    public abstract int MostTogether { get; }

    public abstract TimeSpan Pace { get; }

    public async Task<AlertAnswer> SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            if (_url.Scheme == Uri.UriSchemeHttps)
                ProbeTls.RequireLibrary();
            using var request = new HttpRequestMessage(HttpMethod.Post, _url);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("servicectl", null));
            Fill(request, alerts);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var answer = Read(response.StatusCode, await ReadAsync(response.Content, limit.Token));
            return answer with
            {
                Words = Plain(answer.Words),
                RetryAfter = answer.Outcome == AlertOutcome.Later ? answer.RetryAfter ?? RetryAfterOf(response.Headers, Time) : null,
            };
        }
        catch (OperationCanceledException)
        {
            return new AlertAnswer(AlertOutcome.Later,
                cancellation.IsCancellationRequested ? "withdrawn" : $"no answer within {Limit.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException)
        {
            return new AlertAnswer(AlertOutcome.Later, Plain(ProbeTls.Bottom(error).Message));
        }
    }

    public void Dispose() => _http.Dispose();

    protected abstract void Fill(HttpRequestMessage request, IReadOnlyList<Alert> alerts);

    protected abstract AlertAnswer Read(HttpStatusCode status, string body);

    /// <summary>What every server means by a status.</summary>
    protected static AlertAnswer OfStatus(HttpStatusCode status, string words) => new(
        (int)status switch
        {
            >= 200 and < 300 => AlertOutcome.Delivered,
            408 or 425 or 429 or >= 500 => AlertOutcome.Later,
            400 or 413 or 415 or 422 => AlertOutcome.Refused,
            _ => AlertOutcome.Parked,
        },
        $"{(int)status} {words}".TrimEnd());

    protected static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };

    protected static ByteArrayContent Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return Json(buffer.ToArray());
    }

    /// <summary>By the clock of the receiver, where it shows one: ours may be another.</summary>
    internal static TimeSpan? RetryAfterOf(HttpResponseHeaders headers, TimeProvider time) => headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } at } => at - (headers.Date ?? time.GetUtcNow()) is { Ticks: > 0 } left ? left : null,
        _ => null,
    };

    /// <summary>
    /// Its beginning, in an encoding that may be unknown here: a message that was taken must not be sent again for what is said to it.
    /// </summary>
    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        using var reader = new StreamReader(
            await content.ReadAsStreamAsync(cancellation), EncodingOf(content.Headers.ContentType?.CharSet));
        var text = new char[LongestAnswer];
        return new string(text, 0, await reader.ReadBlockAsync(text, cancellation));
    }

    private static Encoding EncodingOf(string? name)
    {
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }

    private string Plain(string words)
    {
        var shown = VisibleText.Of(_mask.MaskText(words.ReplaceLineEndings(" ").Trim()));
        return AlertText.Cut(shown, LongestWords).TrimEnd('.');
    }
}
