using System.Net;
using System.Text.Json;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Telegram's Bot API, sendMessage: https://core.telegram.org/bots/api.</summary>
internal sealed class TelegramReceiver(AlertDestination destination, TimeProvider time)
    : HttpReceiver(destination, $"{destination.Url}/bot{destination.Secret}/sendMessage", time)
{
    /// <summary>The API takes 4096 characters after its own reading.</summary>
    private const int LongestText = 4000;

    /// <summary>A group takes 20 messages a minute, a person one a second.</summary>
    public override TimeSpan Pace => IsGroup ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(1);

    public override int MostTogether => 10;

    private bool IsGroup => Destination.Chat is ['-' or '@', ..];

    protected override void Fill(HttpRequestMessage request, IReadOnlyList<Alert> alerts) => request.Content = Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("chat_id", Destination.Chat);
        json.WriteString("text", AlertText.Cut(AlertText.Of(alerts), LongestText));
        json.WriteStartObject("link_preview_options");
        json.WriteBoolean("is_disabled", true);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    protected override AlertAnswer Read(HttpStatusCode status, string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.GetProperty("ok").GetBoolean())
                return new AlertAnswer(AlertOutcome.Delivered, "ok");
            var words = root.TryGetProperty("description", out var text) ? text.GetString() ?? "" : "";
            TimeSpan? wait = root.TryGetProperty("parameters", out var parameters)
                && parameters.TryGetProperty("retry_after", out var seconds) ? TimeSpan.FromSeconds(seconds.GetInt32()) : null;
            var meant = OfStatus(status, words);
            // It says 400 for a chat that is not there, too.
            return meant.Outcome == AlertOutcome.Refused && words.Contains("chat", StringComparison.OrdinalIgnoreCase)
                ? meant with { Outcome = AlertOutcome.Parked } : meant with { RetryAfter = wait };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // A proxy's page, or half of an answer.
            var meant = OfStatus(status, "and no answer of the Bot API");
            return meant.Outcome == AlertOutcome.Delivered ? meant with { Outcome = AlertOutcome.Later } : meant;
        }
    }
}
