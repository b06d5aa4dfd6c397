using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>The shapes of what <c>alerts</c> holds. An empty text counts as nothing, as it did with the predecessor.</summary>
internal static partial class AlertTypes
{
    public static ConfigType<string> TelegramToken { get; } = new ScalarType<string>(
        "token", "the token of a Telegram bot", "123456789:AAExampleOfATokenAsBotFatherGives1",
        """{"type": "string", "pattern": "^([0-9]{3,16}:[A-Za-z0-9_-]{30,64})?$"}""", ReadToken);

    public static ConfigType<string> TelegramChat { get; } = new ScalarType<string>(
        "chat", "a Telegram chat: its number, or the @name of a public channel", "'-1001234567890'",
        """{"type": ["integer", "string"], "pattern": "^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})?$"}""", ReadChat);

    public static ConfigType<string> Url { get; } = new ScalarType<string>(
        "URL", "an https URL", "https://example.org/alerts", """{"type": "string", "pattern": "^(https?://\\S+)?$"}""", ReadUrl);

    public static ConfigType<string> Address { get; } = new ScalarType<string>(
        "e-mail address", "an e-mail address", "ops@example.org",
        """{"type": "string", "pattern": "^([^ <>,;@/-][^ <>,;@]*@[^ <>,;@]+)?$"}""", ReadMail);

    public static ConfigType<string> Host { get; } = new ScalarType<string>(
        "host", "a host's name or address", "mail.example.org", """{"type": "string", "pattern": "^[^\\s/@]*$"}""", ReadHost);

    private static string? ReadHost(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text.Trim().Trim('[', ']');
        return result.Length == 0 || Uri.CheckHostName(result) != UriHostNameType.Unknown ? null
            : "The port is a key of its own: `alerts.mail.smtp.port`.";
    }

    private static string? ReadMail(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text.Trim();
        return result.Length == 0 || Mail().IsMatch(result) ? null : "Write it without a name: `ops@example.org`.";
    }

    private static string? ReadToken(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text;
        return result.Length == 0 || Token().IsMatch(result) ? null
            : "BotFather gives it: the bot's number, a colon and 35 letters, digits, `-` and `_`.";
    }

    private static string? ReadChat(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text;
        return result.Length == 0 || Chat().IsMatch(result) ? null
            : "Write to the bot, or add it to the group; the Bot API's getUpdates shows the chat's `id`.";
    }

    private static string? ReadUrl(ConfigScalar scalar, ConversionContext context, out string result)
    {
        result = scalar.Text;
        if (result.Length == 0)
            return null;
        if (result.Any(char.IsWhiteSpace) || !Uri.TryCreate(result, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return "";
        return url.Scheme == Uri.UriSchemeHttps || url.IsLoopback ? null
            : "Without TLS, what is secret in it could be read on its way; `http://` is for this host alone.";
    }

    [GeneratedRegex(@"\A[^\s<>,;@/-][^\s<>,;@]*@[^\s<>,;@]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    [GeneratedRegex(@"\A[0-9]{3,16}:[A-Za-z0-9_-]{30,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    [GeneratedRegex(@"\A(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Chat();
}
