using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Whom to tell when something happens: the predecessor's section <c>alerts</c>, and what was added to it.</summary>
public static class AlertKeys
{
    private const string Token = "123456789:AAExampleOfATokenAsBotFatherGives1";
    private const string Hook = "https://hooks.slack.com/services/T0/B0/x";

    internal static KeyList All { get; } = new(
        new SchemaSection("alerts",
            "Whom to tell when something happens: `servicectl alerts` shows it, `servicectl alerts test` tries it. Where nobody is named "
                + "for what is critical, those for information hear it.", IsClosed: false),
        new SchemaSection("alerts.tg", "Telegram.", IsClosed: false),
        new SchemaSection("alerts.tg.info", "The bot and chat for what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.tg.critical", "The bot and chat for what is critical.", IsClosed: false),
        new SchemaSection("alerts.sl", "Slack.", IsClosed: false),
        new SchemaSection("alerts.sl.info", "The channel for what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.sl.critical", "The channel for what is critical.", IsClosed: false),
        new SchemaSection("alerts.webhook", "Any program that takes JSON by POST.", IsClosed: false),
        new SchemaSection("alerts.webhook.info", "Who takes what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.webhook.critical", "Who takes what is critical.", IsClosed: false),
        new SchemaSection("alerts.mail", "Mail, by the host's own sendmail.", IsClosed: false),
        new SchemaSection("alerts.mail.info", "Who gets what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.mail.critical", "Who gets what is critical.", IsClosed: false));

    public static SchemaKey<string> MachineName { get; } = All.Add(new SchemaKey<string>(
        "alerts.machine_name", ConfigTypes.Text,
        "How alerts name this host.")
    {
        DefaultNote = "the host's name",
        Example = "web-1",
    });

    public static SchemaKey<string> TelegramUrl { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.url", AlertTypes.Url,
        "Where Telegram's Bot API is: a Bot API server of your own, or a proxy in front of it.")
    {
        Default = "https://api.telegram.org",
    });

    public static SchemaKey<string> TelegramInfoToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.token", AlertTypes.TelegramToken,
        "Token of the Telegram bot that tells what is worth knowing.")
    {
        IsSecret = true,
        Example = Token,
    });

    public static SchemaKey<string> TelegramInfoChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.chat_id", AlertTypes.TelegramChat,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackInfoHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.info.hook", AlertTypes.Url,
        "Slack's incoming webhook for what is worth knowing.")
    {
        IsSecret = true,
        Example = Hook,
    });

    public static SchemaKey<string> TelegramCriticalToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.token", AlertTypes.TelegramToken,
        "Token of the Telegram bot that tells what is critical.")
    {
        IsSecret = true,
        Example = Token,
    });

    public static SchemaKey<string> TelegramCriticalChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.chat_id", AlertTypes.TelegramChat,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackCriticalHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.critical.hook", AlertTypes.Url,
        "Slack's incoming webhook for what is critical.")
    {
        IsSecret = true,
        Example = Hook,
    });

    public static SchemaKey<string> WebhookInfoUrl { get; } = All.Add(new SchemaKey<string>(
        "alerts.webhook.info.url", AlertTypes.Url,
        "Takes what is worth knowing, a POST with a JSON object for each.")
    {
        IsSecret = true,
        Example = "https://example.org/alerts",
    });

    public static SchemaKey<string> WebhookInfoSecret { get; } = All.Add(new SchemaKey<string>(
        "alerts.webhook.info.secret", ConfigTypes.Text,
        "The key of the signature (HMAC-SHA256) in the header `ServiceCtl-Signature`.")
    {
        IsSecret = true,
    });

    public static SchemaKey<string> WebhookCriticalUrl { get; } = All.Add(new SchemaKey<string>(
        "alerts.webhook.critical.url", AlertTypes.Url,
        "Takes what is critical, a POST with a JSON object for each.")
    {
        IsSecret = true,
        Example = "https://example.org/alerts",
    });

    public static SchemaKey<string> WebhookCriticalSecret { get; } = All.Add(new SchemaKey<string>(
        "alerts.webhook.critical.secret", ConfigTypes.Text,
        "The key of the signature (HMAC-SHA256) in the header `ServiceCtl-Signature`.")
    {
        IsSecret = true,
    });

    public static SchemaKey<string> MailProgram { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.sendmail", ConfigTypes.FilePath,
        "The program that takes mail: that of postfix, exim, dma, msmtp and others.")
    {
        Default = "/usr/sbin/sendmail",
    });

    public static SchemaKey<string> MailFrom { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.from", AlertTypes.Address,
        "Whom mail is from.")
    {
        DefaultNote = "`servicectl@` and the host's name",
        Example = "servicectl@example.org",
    });

    public static SchemaKey<IReadOnlyList<string>> MailInfoTo { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "alerts.mail.info.to", ConfigTypes.ListOf(AlertTypes.Address),
        "Who gets what is worth knowing.")
    {
        Example = "[ops@example.org]",
    });

    public static SchemaKey<IReadOnlyList<string>> MailCriticalTo { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "alerts.mail.critical.to", ConfigTypes.ListOf(AlertTypes.Address),
        "Who gets what is critical.")
    {
        Example = "[ops@example.org]",
    });
}
