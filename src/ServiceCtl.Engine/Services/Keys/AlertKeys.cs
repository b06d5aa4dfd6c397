using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Where alerts go: the predecessor's section <c>alerts</c>, and what was added to it.</summary>
public static class AlertKeys
{
    private const string Token = "123456789:AAExampleOfATokenAsBotFatherGives1";
    private const string Hook = "https://hooks.slack.com/services/T0/B0/x";

    internal static KeyList All { get; } = new(
        new SchemaSection("alerts",
            "Where alerts go. `servicectl alerts` lists the destinations, `servicectl alerts test` sends a test. Without a `critical` "
                + "destination, `info` gets critical alerts, too.", IsClosed: false),
        new SchemaSection("alerts.tg", "Telegram.", IsClosed: false),
        new SchemaSection("alerts.tg.info", "The bot and chat for informational alerts.", IsClosed: false),
        new SchemaSection("alerts.tg.critical", "The bot and chat for critical alerts.", IsClosed: false),
        new SchemaSection("alerts.sl", "Slack.", IsClosed: false),
        new SchemaSection("alerts.sl.info", "The channel for informational alerts.", IsClosed: false),
        new SchemaSection("alerts.sl.critical", "The channel for critical alerts.", IsClosed: false),
        new SchemaSection("alerts.webhook", "Any program that takes JSON by POST.", IsClosed: false),
        new SchemaSection("alerts.webhook.info", "Who takes informational alerts.", IsClosed: false),
        new SchemaSection("alerts.webhook.critical", "Who takes critical alerts.", IsClosed: false),
        new SchemaSection("alerts.mail", "Mail, by the host's own sendmail or by a mail server.", IsClosed: false),
        new SchemaSection("alerts.mail.smtp", "The mail server, instead of `alerts.mail.sendmail`.", IsClosed: false),
        new SchemaSection("alerts.mail.info", "Who gets informational alerts.", IsClosed: false),
        new SchemaSection("alerts.mail.critical", "Who gets critical alerts.", IsClosed: false));

    public static SchemaKey<string> MachineName { get; } = All.Add(new SchemaKey<string>(
        "alerts.machine_name", ConfigTypes.Text,
        "How alerts name this host.")
    {
        DefaultNote = "the host's name",
        Example = "web-1",
    });

    public static SchemaKey<Rate> Flapping { get; } = All.Add(new SchemaKey<Rate>(
        "alerts.flapping", ConfigTypes.Rate,
        "A service that goes down so often within so long is flapping. That is one alert, and so is its end, once the service has stayed "
            + "up or down for that long; what it does in between is not sent.")
    {
        Default = "4 in 10m",
        Example = "4 in 10m",
    });

    public static SchemaKey<string> TelegramUrl { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.url", AlertTypes.Url,
        "Where Telegram's Bot API is: a Bot API server of your own, or a proxy in front of it.")
    {
        Default = "https://api.telegram.org",
    });

    public static SchemaKey<string> TelegramInfoToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.token", AlertTypes.TelegramToken,
        "Token of the Telegram bot for informational alerts.")
    {
        IsSecret = true,
        Example = Token,
    });

    public static SchemaKey<string> TelegramInfoChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.chat_id", AlertTypes.TelegramChat,
        "The chat the bot writes to.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackInfoHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.info.hook", AlertTypes.Url,
        "Slack's incoming webhook for informational alerts.")
    {
        IsSecret = true,
        Example = Hook,
    });

    public static SchemaKey<string> TelegramCriticalToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.token", AlertTypes.TelegramToken,
        "Token of the Telegram bot for critical alerts.")
    {
        IsSecret = true,
        Example = Token,
    });

    public static SchemaKey<string> TelegramCriticalChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.chat_id", AlertTypes.TelegramChat,
        "The chat the bot writes to.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackCriticalHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.critical.hook", AlertTypes.Url,
        "Slack's incoming webhook for critical alerts.")
    {
        IsSecret = true,
        Example = Hook,
    });

    public static SchemaKey<string> WebhookInfoUrl { get; } = All.Add(new SchemaKey<string>(
        "alerts.webhook.info.url", AlertTypes.Url,
        "Takes informational alerts, a POST with a JSON object for each.")
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
        "Takes critical alerts, a POST with a JSON object for each.")
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

    public static SchemaKey<string> SmtpHost { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.smtp.host", AlertTypes.Host,
        "The mail server. Its certificate must be for this name.")
    {
        Example = "mail.example.org",
    });

    public static SchemaKey<int> SmtpPort { get; } = All.Add(new SchemaKey<int>(
        "alerts.mail.smtp.port", ConfigTypes.Integer(1, 65535),
        "The mail server's port.")
    {
        DefaultNote = "587 for `starttls`, 465 for `tls`, 25 for `none`",
    });

    public static SchemaKey<MailSecurity> SmtpSecurity { get; } = All.Add(new SchemaKey<MailSecurity>(
        "alerts.mail.smtp.security", ConfigTypes.Choice<MailSecurity>(),
        "`starttls` requires TLS after the connection is made, `tls` begins with it, `none` does without. With a password, `none` is only "
            + "allowed to this host.")
    {
        Default = "starttls",
    });

    public static SchemaKey<string> SmtpUser { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.smtp.user", ConfigTypes.Text,
        "The user to log in as.")
    {
        DefaultNote = "no login",
        Example = "alerts@example.org",
    });

    public static SchemaKey<string> SmtpPassword { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.smtp.password", ConfigTypes.Text,
        "The password of that user.")
    {
        IsSecret = true,
    });

    public static SchemaKey<string> MailFrom { get; } = All.Add(new SchemaKey<string>(
        "alerts.mail.from", AlertTypes.Address,
        "The sender's address.")
    {
        DefaultNote = "`servicectl@` and the host's name",
        Example = "servicectl@example.org",
    });

    public static SchemaKey<IReadOnlyList<string>> MailInfoTo { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "alerts.mail.info.to", ConfigTypes.ListOf(AlertTypes.Address),
        "Who gets informational alerts.")
    {
        Example = "[ops@example.org]",
    });

    public static SchemaKey<IReadOnlyList<string>> MailCriticalTo { get; } = All.Add(new SchemaKey<IReadOnlyList<string>>(
        "alerts.mail.critical.to", ConfigTypes.ListOf(AlertTypes.Address),
        "Who gets critical alerts.")
    {
        Example = "[ops@example.org]",
    });
}
