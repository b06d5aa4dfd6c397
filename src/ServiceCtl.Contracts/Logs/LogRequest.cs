namespace ServiceCtl.Contracts;

/// <summary>Which lines of which services' logs.</summary>
public sealed record LogRequest
{
    /// <summary>Last lines of each service with <see cref="Follow"/>, where nothing else says from when on.</summary>
    public const int FollowedTail = 10;

    /// <summary>Names, or patterns with <c>*</c> and <c>?</c>; empty for all.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    public LogOrigin Origin { get; init; }

    /// <summary>The last lines only, of each service, and of those that the rest of the request leaves; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Lines from this time on. Times of captured lines are known to a tenth of a second.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Lines up to this time. Not with <see cref="Follow"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A regular expression that a line has to match somewhere; upper and lower case are the same.</summary>
    public string? Pattern { get; init; }

    /// <summary>Goes on with what is written, across rotations and restarts of services and agent, until cancelled.</summary>
    public bool Follow { get; init; }
}
