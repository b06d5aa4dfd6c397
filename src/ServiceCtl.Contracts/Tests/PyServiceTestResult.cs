namespace ServiceCtl.Contracts;

/// <summary>What came of one test of a service's tests.yaml.</summary>
public sealed record PyServiceTestResult
{
    public required string Service { get; init; }

    public required string Name { get; init; }

    public required ServiceTestKind Kind { get; init; }

    public required ServiceTestOutcome Outcome { get; init; }

    /// <summary>Does its failure fail the whole run? A failure that is not critical is a warning.</summary>
    public required bool Critical { get; init; }

    /// <summary>Why it failed, in a sentence; null when it passed.</summary>
    public string? Message { get; init; }

    /// <summary>Expected against actual, one line a place: <c>error.code: expected -32601, got -32602</c>.</summary>
    public IReadOnlyList<string> Differences { get => field ?? []; init; }

    /// <summary>What was expected, as JSON.</summary>
    public string? Expected { get; init; }

    /// <summary>What came, as JSON; null when nothing did.</summary>
    public string? Actual { get; init; }

    /// <summary>What the function printed, its traceback included; the last 64 KB of it. Null when it printed nothing.</summary>
    public string? Output { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Where the test is written, as <c>file:line:column</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Service}: {Name}: {Outcome}";
}
