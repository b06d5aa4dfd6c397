using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

/// <summary>Alerts as a destination is to read them.</summary>
internal static class DestinationAlert
{
    public static Alert Of(
        ServiceEvent happened, AlertDestination destination, AlertRule rule, string machine, AlertNews news, AlertLevel level)
    {
        var notice = happened.Failure is { } failure ? AlertPolicy.NoticeFor(failure, destination.Channel, level) : null;
        var code = notice is null ? happened.Failure?.Code : notice.Code;
        var text = (code is null ? "" : $"{code}: ") + ((notice is null ? happened.Failure?.Text : notice.Text) ?? happened.Message);
        return new Alert
        {
            Sequence = happened.Sequence,
            Time = happened.Time,
            Machine = rule.MachineName ?? machine,
            Service = happened.Service,
            News = news,
            Level = level,
            Kind = happened.Kind.ToString(),
            Code = code,
            Message = news is AlertNews.Flapping ? $"{text} {Explain(rule)}" : text,
        };
    }

    /// <summary>Its time is that from which on nothing happened, so that it is the same however late it is sent.</summary>
    public static Alert OfSettled(string service, FlapRecord flap, AlertRule rule, string machine, AlertNews news) => new()
    {
        Sequence = flap.Sequence,
        Time = flap.At,
        Machine = rule.MachineName ?? machine,
        Service = service,
        News = news,
        Level = flap.Level,
        Kind = nameof(AlertNews.Settled),
        Message = $"{service} has stayed {(news is AlertNews.Settled ? "up" : "down")} for {Words(rule.Flapping.Window)}.",
    };

    private static string Explain(AlertRule rule) =>
        string.Create(CultureInfo.InvariantCulture, $"It has gone down {rule.Flapping.Count} times within {Words(rule.Flapping.Window)}")
            + "; nothing more is sent of that until it has stayed up or down for as long.";

    private static string Words(TimeSpan time) => time.TotalMinutes >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
