using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services.Rules;

/// <summary>How a page is asked for, and which answers are good (<c>service.ready</c> and <c>service.health</c>).</summary>
public sealed record ProbeRule
{
    /// <summary>Nothing is said: a GET, or a POST where only that is allowed, verified, and any status below 400.</summary>
    public static ProbeRule Usual { get; } = new();

    /// <summary>Null: GET, then POST where GET is not allowed.</summary>
    public string? Method { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The good ones; null for the usual.</summary>
    public IReadOnlyList<StatusRange>? Statuses { get; init; }

    /// <summary>Has the certificate to be right?</summary>
    public bool Verify { get; init; } = ReadinessKeys.Page.Verify.Usual;

    /// <summary>The authorities to trust, in a PEM file; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>So many redirects are followed; with none, a redirect is an answer.</summary>
    public int Redirects { get; init; } = ReadinessKeys.Page.Redirects.Usual;

    public bool Accepts(int status) =>
        Statuses is { Count: > 0 } ranges
            ? ranges.Any(range => range.Contains(status)) : status is >= 200 && status < (Redirects > 0 ? 300 : 400);
}
