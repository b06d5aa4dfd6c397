namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Which lines of a log.</summary>
public sealed record LogQuery
{
    /// <summary>
    /// The last lines only, of those that the rest of the query leaves; 0 with <see cref="Follow"/>: only what comes. Null: all.
    /// </summary>
    public int? Tail { get; init; }

    /// <summary>Lines from this time on. Those of the tenth of a second before it are included: times are no finer.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Goes on with what is written, across rotations and restarts, until cancelled.</summary>
    public bool Follow { get; init; }
}
