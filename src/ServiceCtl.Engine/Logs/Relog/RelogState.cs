namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>What relog remembers between two runs: <c>state.json</c> beside its results.</summary>
internal sealed record RelogState
{
    internal const int CurrentVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    public IReadOnlyList<SourceRecord> Sources { get; init; } = [];

    public IReadOnlyList<SeriesState> Series { get; init; } = [];

    public IReadOnlyList<GroupState> Groups { get; init; } = [];

    /// <summary>How long the results were; what a run that was killed wrote beyond that is taken back.</summary>
    public long? ExceptionsLength { get; init; }

    public long? InternalErrorsLength { get; init; }

    /// <summary>What was sorted since the last report.</summary>
    public RelogFigures Unreported { get; init; } = new();
}
