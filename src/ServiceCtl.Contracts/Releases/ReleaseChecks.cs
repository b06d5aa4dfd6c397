namespace ServiceCtl.Contracts;

/// <summary>
/// What a release has to show before it serves. It is asked over connections of its own, while the old one goes on serving.
/// </summary>
public sealed record ReleaseChecks
{
    /// <summary>Pages that have to answer.</summary>
    public IReadOnlyList<ReleasePage>? Pages { get; init; }

    /// <summary>How long it has to stay up, and its pages well, once it is ready.</summary>
    public double HoldSeconds { get; init; }

    /// <summary>
    /// Tests of the release's tests.yaml: <c>critical</c> for those whose failure is an error, <c>all</c>, or names and patterns of tests.
    /// A failure of a test that is not critical is a warning.
    /// </summary>
    public IReadOnlyList<string>? Tests { get; init; }
}
