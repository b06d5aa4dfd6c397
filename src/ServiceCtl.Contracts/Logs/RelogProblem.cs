namespace ServiceCtl.Contracts;

/// <summary>Something about one file that relog could not do, or found wrong.</summary>
public sealed record RelogProblem
{
    public required string File { get; init; }

    /// <summary>As a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>True when its lines were sorted all the same.</summary>
    public bool IsWarning { get; init; }

    public override string ToString() => $"{File}: {Message}";
}
