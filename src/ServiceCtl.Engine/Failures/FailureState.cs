using System.Collections.Immutable;

namespace ServiceCtl.Engine.Failures;

/// <summary>What rules remember between failures. Immutable; an order begins with <see cref="Empty"/>.</summary>
public sealed record FailureState
{
    private static readonly ImmutableDictionary<int, ImmutableArray<TimeSpan>> NoTimes =
        ImmutableDictionary<int, ImmutableArray<TimeSpan>>.Empty;

    public static FailureState Empty { get; } = new();

    /// <summary>When a rule with a rate would have matched, by the rule's index; only what is within its window.</summary>
    public ImmutableDictionary<int, ImmutableArray<TimeSpan>> Hits { get; init; } = NoTimes;

    /// <summary>When a rule has decided on a start, by the rule's index; only what counts for giving up.</summary>
    public ImmutableDictionary<int, ImmutableArray<TimeSpan>> Starts { get; init; } = NoTimes;

    /// <summary>Starts in a row by a rule, by its index.</summary>
    public ImmutableDictionary<int, int> InARow { get; init; } = ImmutableDictionary<int, int>.Empty;
}
