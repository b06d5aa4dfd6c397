using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Makes the rule of the section <c>alerts</c>.</summary>
internal static class AlertRules
{
    /// <returns>Null where nobody is to hear of the service.</returns>
    public static AlertRule? Of(ResolvedConfiguration configuration)
    {
        var url = configuration.Get(AlertKeys.TelegramUrl).TrimEnd('/');
        List<AlertDestination> info =
        [
            .. Telegram(configuration, url, AlertKeys.TelegramInfoToken, AlertKeys.TelegramInfoChatId),
            .. Slack(configuration, AlertKeys.SlackInfoHook),
            .. Webhook(configuration, AlertKeys.WebhookInfoUrl, AlertKeys.WebhookInfoSecret),
            .. Mail(configuration, AlertKeys.MailInfoTo),
        ];
        List<AlertDestination> critical =
        [
            .. Telegram(configuration, url, AlertKeys.TelegramCriticalToken, AlertKeys.TelegramCriticalChatId),
            .. Slack(configuration, AlertKeys.SlackCriticalHook),
            .. Webhook(configuration, AlertKeys.WebhookCriticalUrl, AlertKeys.WebhookCriticalSecret),
            .. Mail(configuration, AlertKeys.MailCriticalTo),
        ];
        if (info.Count + critical.Count == 0)
            return null;
        var all = info.Select(one => one with { HearsInfo = true, HearsCritical = critical.Count == 0 })
            .Concat(critical.Select(one => one with { HearsCritical = true }));
        return new AlertRule
        {
            MachineName = Given(configuration, AlertKeys.MachineName),
            Flapping = configuration.Get(AlertKeys.Flapping),
            Destinations =
            [
                .. all.GroupBy(one => one.Key).Select(same => same.Last() with
                {
                    HearsInfo = same.Any(one => one.HearsInfo),
                    HearsCritical = same.Any(one => one.HearsCritical),
                }),
            ],
        };
    }

    private static IEnumerable<AlertDestination> Telegram(
        ResolvedConfiguration configuration, string url, SchemaKey<string> token, SchemaKey<string> chat)
    {
        var (secret, id) = (Given(configuration, token), Given(configuration, chat));
        if (secret is null && id is null)
            return [];
        if (url.Length == 0)
            throw Missing(configuration, AlertKeys.TelegramUrl, "is empty", "Take it away, or write `https://api.telegram.org`.");
        if (secret is null)
            throw Missing(configuration, token, "is missing", "Write the token that BotFather gives, or take `chat_id` away.");
        return [new AlertDestination
        {
            Channel = AlertChannel.Telegram,
            Url = url,
            Secret = secret,
            Chat = id ?? throw Missing(configuration, chat, "is missing", "Write the chat that the bot is to tell, or take `token` away."),
        }];
    }

    private static IEnumerable<AlertDestination> Slack(ResolvedConfiguration configuration, SchemaKey<string> hook) =>
        Given(configuration, hook) is { } url ? [new AlertDestination { Channel = AlertChannel.Slack, Url = url }] : [];

    private static IEnumerable<AlertDestination> Webhook(
        ResolvedConfiguration configuration, SchemaKey<string> url, SchemaKey<string> secret) => (Given(configuration, url),
            Given(configuration, secret)) switch
        {
            ({ } address, var key) => [new AlertDestination { Channel = AlertChannel.Webhook, Url = address, Secret = key }],
            (null, not null) => throw Missing(configuration, url, "is missing", "Write who takes the alerts, or take `secret` away."),
            _ => [],
        };

    /// <summary>
    /// From a server, each address gets a message of its own: where one is taken for some only, the others get it never, or those twice.
    /// </summary>
    private static IEnumerable<AlertDestination> Mail(ResolvedConfiguration configuration, SchemaKey<IReadOnlyList<string>> to)
    {
        var addresses = (configuration.GetOrNull(to) ?? []).Where(address => address.Length > 0).Distinct().ToList();
        if (MailServerRule.Of(configuration) is { } server)
            return addresses.Select(address => server with { Chat = address });
        return addresses.Count == 0 ? [] : [new AlertDestination
        {
            Channel = AlertChannel.Mail,
            Url = configuration.Get(AlertKeys.MailProgram),
            Chat = string.Join(',', addresses),
            From = Given(configuration, AlertKeys.MailFrom),
        }];
    }

    internal static string? Given(ResolvedConfiguration configuration, SchemaKey<string> key) =>
        configuration.GetOrNull(key) is { Length: > 0 } text ? text : null;

    internal static ServiceCtlException Missing(ResolvedConfiguration configuration, SchemaKey key, string what, string advice) =>
        ConfigurationReader.Invalid([configuration.Problem(key, $"`{key.Path}` {what}.", advice)]);
}
