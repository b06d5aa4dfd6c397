using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Somebody who hears of a service, and what.</summary>
public sealed record AlertDestination
{
    public required AlertChannel Channel { get; init; }

    /// <summary>Telegram's API, Slack's hook, who takes the POST, the program that takes mail, or a mail server.</summary>
    public required string Url { get; init; }

    /// <summary>Telegram's token, the key of a webhook's signature, or the password for a mail server; null for none.</summary>
    public string? Secret { get; init; }

    /// <summary>Telegram's chat, or the addresses of mail, with commas.</summary>
    public string? Chat { get; init; }

    /// <summary>The sender's address; null for what is usual here.</summary>
    public string? From { get; init; }

    /// <summary>Of a mail server; null where a program takes mail.</summary>
    public MailSecurity? Security { get; init; }

    /// <summary>The user that a mail server knows; null where it asks for none.</summary>
    public string? Login { get; init; }

    /// <summary>
    /// Whom the program that takes mail runs as: others than root say which program that is. Null: whoever sends alerts.
    /// </summary>
    public string? User { get; init; }

    public bool HearsInfo { get; init; }

    public bool HearsCritical { get; init; }

    /// <summary>Is a program of this host to take it, which may need more rights than a connection does?</summary>
    [JsonIgnore]
    public bool IsProgram => Channel == AlertChannel.Mail && Security is null;

    /// <summary>The same for all services that tell the same one; without a token, so that a new one counts as the same bot.</summary>
    [JsonIgnore]
    public string Key => $"{Channel.ToString().ToLowerInvariant()}-{Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes($"{Url}\n{BotOf()}\n{Chat}{(User is null ? "" : $"\n{User}")}")))[..16]}";

    /// <summary>What may be shown of it: of a URL the host, as its path is the secret.</summary>
    [JsonIgnore]
    public string Name => Chat is not null ? Chat : Uri.TryCreate(Url, UriKind.Absolute, out var url)
        ? url.Authority : "?";

    /// <summary>Everything that must not be seen.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Secrets => Channel switch
    {
        AlertChannel.Telegram => [Secret!],
        AlertChannel.Mail => Secret is null ? [] : [Secret],
        _ => Secret is null ? [Url] : [Url, Secret],
    };

    public bool Hears(AlertLevel level) => level == AlertLevel.Critical ? HearsCritical : HearsInfo;

    private string? BotOf() => Channel == AlertChannel.Telegram ? Secret!.Split(':')[0] : null;
}
