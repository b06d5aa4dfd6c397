using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Alerts;

/// <summary>One alert, as it goes out.</summary>
internal sealed record Alert
{
    public required long Sequence { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Machine { get; init; }

    public required string Service { get; init; }

    public required AlertNews News { get; init; }

    public required AlertLevel Level { get; init; }

    /// <summary>That of the event.</summary>
    public required string Kind { get; init; }

    /// <summary>Of the rule that decided; null for none.</summary>
    public string? Code { get; init; }

    public required string Message { get; init; }

    /// <summary>The same whenever the same is sent again, also by a sender that knows nothing of the one before.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Machine}\n{Service}\n{Sequence}\n{Time.UtcTicks}{Told}"))))[..32];

    /// <summary>SETTLED has the number of an event that may have an alert of its own.</summary>
    private string Told => News is AlertNews.Settled ? "\nsettled" : "";
}
