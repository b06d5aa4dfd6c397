using System.Globalization;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Alerts in words, and as JSON. Without lines of logs: what a service prints is nobody's affair who only takes alerts.</summary>
internal static class AlertText
{
    private const int LongestMessage = 1500;

    /// <summary>One line, or several: the message may have them. The number is that of the event, by which doubles can be told.</summary>
    public static string Of(Alert alert)
    {
        var message = OneLine(alert.Message);
        message = message.Length <= LongestMessage ? message : $"{Cut(message, LongestMessage)} [...]";
        var subject = $"{Word(alert)} {OneLine(alert.Machine)} {OneLine(alert.Service)}";
        return string.Create(CultureInfo.InvariantCulture, $"{subject}: {message} ({alert.Time:yyyy-MM-dd HH:mm:ss}, #{alert.Sequence})");
    }

    /// <summary>Several, a line each, the oldest first.</summary>
    public static string Of(IEnumerable<Alert> alerts) => string.Join('\n', alerts.Select(Of));

    public static string SubjectOf(IReadOnlyList<Alert> alerts) => alerts is [var one]
        ? $"[{OneLine(one.Machine)}] {OneLine(one.Service)} {Word(one)}"
        : string.Create(CultureInfo.InvariantCulture, $"[{OneLine(alerts[0].Machine)}] {alerts.Count} alerts");

    /// <summary>What a webhook gets.</summary>
    public static byte[] JsonOf(Alert alert)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", alert.Id);
            json.WriteNumber("sequence", alert.Sequence);
            json.WriteString("time", alert.Time);
            json.WriteString("machine", alert.Machine);
            json.WriteString("service", alert.Service);
            json.WriteString("news", NewsOf(alert.News));
            json.WriteString("level", alert.Level == AlertLevel.Critical ? "critical" : "info");
            json.WriteString("kind", alert.Kind);
            if (alert.Code is { } code)
                json.WriteString("code", code);
            json.WriteString("message", alert.Message);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Never half of a character.</summary>
    public static string Cut(string text, int length) => text.Length <= length
        ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>As Slack asks for it: these three begin what is more than text.</summary>
    public static string ForSlack(string text) => new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")
        .ToString();

    /// <summary>What begins a line of its own could pass for another alert, or for a header of a mail.</summary>
    private static string OneLine(string text) => VisibleText.Of(text.ReplaceLineEndings(" "));

    private static string Word(Alert alert) => alert.News switch
    {
        AlertNews.Notice => alert.Level == AlertLevel.Critical ? "CRITICAL" : "INFO",
        AlertNews.GaveUp => "GIVEN UP",
        _ => alert.News.ToString().ToUpperInvariant(),
    };

    private static string NewsOf(AlertNews news) => news == AlertNews.GaveUp ? "gave-up" : news.ToString().ToLowerInvariant();
}
