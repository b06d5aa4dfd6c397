namespace ServiceCtl.Contracts;

/// <summary>A change that the next version will have: a file in <c>changes</c>.</summary>
public sealed record PyServiceChange
{
    public required ChangeKind Kind { get; init; }

    /// <summary>What the file says.</summary>
    public required string Text { get; init; }

    /// <summary>The issue that it belongs to; null for none.</summary>
    public string? Issue { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}: {Text}";
}
