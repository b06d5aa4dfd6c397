namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>One step of a dotted path: a key of a mapping, or a place in a list.</summary>
public readonly record struct KeySegment(string? Name, int? Index)
{
    public override string ToString() => Name ?? $"[{Index}]";
}
