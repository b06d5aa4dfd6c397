using System.Globalization;

namespace ServiceCtl.Contracts;

/// <summary>A certificate that a service uses.</summary>
public sealed record PyServiceCertificate
{
    public required string Path { get; init; }

    /// <summary>Until when it is valid; null where that can't be read.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it can't be read.</summary>
    public string? Problem { get; init; }

    public override string ToString() => Expires is { } expires
        ? string.Create(CultureInfo.InvariantCulture, $"{Path}, valid until {expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC")
        : $"{Path}: {Problem}";
}
