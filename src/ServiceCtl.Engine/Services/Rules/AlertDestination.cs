using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>Somebody who hears of a service, and what.</summary>
public sealed record AlertDestination
{
    public required AlertChannel Channel { get; init; }

    /// <summary>Telegram's API, Slack's hook, who takes the POST, or the program that takes mail.</summary>
    public required string Url { get; init; }

    /// <summary>Telegram's token, or the key of a webhook's signature; null for none.</summary>
    public string? Secret { get; init; }

    /// <summary>Telegram's chat, or the addresses of mail, with commas.</summary>
    public string? Chat { get; init; }

    /// <summary>The sender's address; null for what is usual here.</summary>
    public string? From { get; init; }

    /// <summary>
    /// Whom the program that takes mail runs as: others than root say which program that is. Null: whoever sends alerts.
    /// </summary>
    public string? User { get; init; }

    public bool HearsInfo { get; init; }

    public bool HearsCritical { get; init; }

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
        AlertChannel.Mail => [],
        _ => Secret is null ? [Url] : [Url, Secret],
    };

    public bool Hears(AlertLevel level) => level == AlertLevel.Critical ? HearsCritical : HearsInfo;

    private string? BotOf() => Channel == AlertChannel.Telegram ? Secret!.Split(':')[0] : null;
}
