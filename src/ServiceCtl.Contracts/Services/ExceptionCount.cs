namespace ServiceCtl.Contracts;

/// <summary>How often exceptions of one kind were logged.</summary>
public sealed record ExceptionCount
{
    /// <summary>Its type and the function that raised it, the same in each release: <c>KeyError in app.py, index</c>.</summary>
    public required string Kind { get; init; }

    public required long Count { get; init; }

    public override string ToString() => $"{Count} x {Kind}";
}
