using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Any program: an alert for each POST, with an id that stays, and signed together with the time of this attempt.</summary>
internal sealed class WebhookReceiver(AlertDestination destination, TimeProvider time)
    : HttpReceiver(destination, destination.Url, time)
{
    public override TimeSpan Pace => TimeSpan.FromMilliseconds(100);

    public override int MostTogether => 1;

    protected override void Fill(HttpRequestMessage request, IReadOnlyList<Alert> alerts)
    {
        var body = AlertText.JsonOf(alerts[0]);
        request.Content = Json(body);
        request.Headers.Add("Idempotency-Key", alerts[0].Id);
        if (Destination.Secret is { } key)
            request.Headers.Add("ServiceCtl-Signature", Sign(key, Time.GetUtcNow().ToUnixTimeSeconds(), body));
    }

    protected override AlertAnswer Read(HttpStatusCode status, string body) => OfStatus(status, body);

    /// <summary><c>t=SECONDS,v1=HEX</c>: HMAC-SHA256 of the time, a dot and the body.</summary>
    internal static string Sign(string key, long seconds, ReadOnlySpan<byte> body)
    {
        var time = seconds.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{time}."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))}";
    }
}
