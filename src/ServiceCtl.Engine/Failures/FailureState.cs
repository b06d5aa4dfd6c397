using System.Collections.Immutable;

namespace ServiceCtl.Engine.Failures;

/// <summary>What rules remember between failures. Immutable; an order begins with <see cref="Empty"/>.</summary>
public sealed record FailureState
{
    private static readonly ImmutableDictionary<int, ImmutableArray<TimeSpan>> NoTimes =
        ImmutableDictionary<int, ImmutableArray<TimeSpan>>.Empty;

    public static FailureState Empty { get; } = new();

    /// <summary>Forgets the rules from this index on: others are there now.</summary>
    public FailureState Before(int index) => new()
    {
        Hits = Hits.RemoveRange(Hits.Keys.Where(rule => rule >= index)),
        Starts = Starts.RemoveRange(Starts.Keys.Where(rule => rule >= index)),
        InARow = InARow.RemoveRange(InARow.Keys.Where(rule => rule >= index)),
    };

    /// <summary>When a rule with a rate would have matched, by the rule's index; only what is within its window.</summary>
    public ImmutableDictionary<int, ImmutableArray<TimeSpan>> Hits { get; init; } = NoTimes;

    /// <summary>When a rule has decided on a start, by the rule's index; only what counts for giving up.</summary>
    public ImmutableDictionary<int, ImmutableArray<TimeSpan>> Starts { get; init; } = NoTimes;

    /// <summary>Starts in a row by a rule, by its index.</summary>
    public ImmutableDictionary<int, int> InARow { get; init; } = ImmutableDictionary<int, int>.Empty;
}
