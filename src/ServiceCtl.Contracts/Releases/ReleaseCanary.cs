namespace ServiceCtl.Contracts;

/// <summary>
/// How a release gets a part of the new connections before it takes over, and by what it fails there. The old one goes on serving.
/// </summary>
public sealed record ReleaseCanary
{
    /// <summary>Percent of the new connections, step after step.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>How long each step takes.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>So many requests have to have come before rates and times say anything.</summary>
    public required int MinRequests { get; init; }

    /// <summary>So many kinds of exceptions that the old release does not have are too many; 0: they are not looked at.</summary>
    public required int NewExceptions { get; init; }

    /// <summary>
    /// So many more percent of its requests than of the old release's may be answered with a 5xx; null: they are not looked at.
    /// </summary>
    public double? ErrorRate { get; init; }

    /// <summary>So many times as long as with the old release may a request take on average; null: that is not looked at.</summary>
    public double? SlowerThan { get; init; }
}
