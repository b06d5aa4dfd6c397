using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Alerts;

internal static class Receivers
{
    public static IAlertReceiver Of(AlertDestination destination, TimeProvider time) => destination.Channel switch
    {
        AlertChannel.Telegram => new TelegramReceiver(destination, time),
        AlertChannel.Slack => new SlackReceiver(destination, time),
        AlertChannel.Mail when destination.Security is not null => new SmtpReceiver(destination, time),
        AlertChannel.Mail => new MailReceiver(destination, time),
        _ => new WebhookReceiver(destination, time),
    };
}
