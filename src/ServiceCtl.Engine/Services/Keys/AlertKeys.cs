using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>Whom to tell when something happens: the predecessor's section <c>alerts</c>.</summary>
public static class AlertKeys
{
    internal static KeyList All { get; } = new(
        new SchemaSection("alerts", "Whom to tell when something happens.", IsClosed: false) { IsUnavailable = true },
        new SchemaSection("alerts.tg", "Telegram.", IsClosed: false),
        new SchemaSection("alerts.tg.info", "The bot and chat for what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.tg.critical", "The bot and chat for what is critical.", IsClosed: false),
        new SchemaSection("alerts.sl", "Slack.", IsClosed: false),
        new SchemaSection("alerts.sl.info", "The channel for what is worth knowing.", IsClosed: false),
        new SchemaSection("alerts.sl.critical", "The channel for what is critical.", IsClosed: false));

    public static SchemaKey<string> MachineName { get; } = All.Add(new SchemaKey<string>(
        "alerts.machine_name", ConfigTypes.Text,
        "How alerts name this host.")
    {
        DefaultNote = "the host's name",
        Example = "web-1",
    });

    public static SchemaKey<string> TelegramInfoToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.token", ConfigTypes.Text,
        "Token of the Telegram bot that tells what is worth knowing.")
    {
        IsSecret = true,
        Example = "123456:ABC-DEF",
    });

    public static SchemaKey<string> TelegramInfoChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.info.chat_id", ConfigTypes.Text,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackInfoHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.info.hook", ConfigTypes.Text,
        "Slack's incoming webhook for what is worth knowing.")
    {
        IsSecret = true,
        Example = "https://hooks.slack.com/services/T0/B0/x",
    });

    public static SchemaKey<string> TelegramCriticalToken { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.token", ConfigTypes.Text,
        "Token of the Telegram bot that tells what is critical.")
    {
        IsSecret = true,
        Example = "123456:ABC-DEF",
    });

    public static SchemaKey<string> TelegramCriticalChatId { get; } = All.Add(new SchemaKey<string>(
        "alerts.tg.critical.chat_id", ConfigTypes.Text,
        "The Telegram chat it tells.")
    {
        Example = "'-1001234567890'",
    });

    public static SchemaKey<string> SlackCriticalHook { get; } = All.Add(new SchemaKey<string>(
        "alerts.sl.critical.hook", ConfigTypes.Text,
        "Slack's incoming webhook for what is critical.")
    {
        IsSecret = true,
        Example = "https://hooks.slack.com/services/T0/B0/x",
    });
}
