namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What was done, in numbers.</summary>
internal sealed record RelogFigures
{
    public long Lines { get; init; }

    public long Dropped { get; init; }

    public long Written { get; init; }

    public long Exceptions { get; init; }

    public long InternalErrors { get; init; }

    public long Incidents { get; init; }

    public long Uncertain { get; init; }

    public static RelogFigures operator +(RelogFigures one, RelogFigures other) => new()
    {
        Lines = one.Lines + other.Lines,
        Dropped = one.Dropped + other.Dropped,
        Written = one.Written + other.Written,
        Exceptions = one.Exceptions + other.Exceptions,
        InternalErrors = one.InternalErrors + other.InternalErrors,
        Incidents = one.Incidents + other.Incidents,
        Uncertain = one.Uncertain + other.Uncertain,
    };
}
