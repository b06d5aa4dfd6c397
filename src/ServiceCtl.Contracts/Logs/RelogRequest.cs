namespace ServiceCtl.Contracts;

/// <summary>Sort the exceptions out of the logs of some services.</summary>
public sealed record RelogRequest
{
    /// <summary>Names or patterns.</summary>
    public required IReadOnlyList<string> Services { get; init; }

    /// <summary>Whether to empty the results first; null for what the configuration says (<c>DELETE_RELOG_FILES</c>).</summary>
    public bool? EmptyFirst { get; init; }
}
