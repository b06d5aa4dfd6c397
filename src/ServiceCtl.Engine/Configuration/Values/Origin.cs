namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>Where a value was written.</summary>
/// <param name="Source">The file as it was named to us, or another source's name (<c>environment</c>, <c>command line</c>,
/// <c>default</c>).</param>
/// <param name="Line">From 1; null where the source has no lines.</param>
/// <param name="Column">From 1, in UTF-16 units; null where the source has no columns.</param>
public sealed record Origin(string Source, int? Line = null, int? Column = null)
{
    /// <summary>Values that nobody wrote: the schema's defaults.</summary>
    public static Origin Default { get; } = new("default");

    /// <summary>The folder that relative paths written here start from; null leaves it to the reader of the configuration.</summary>
    public string? Folder { get; init; }

    /// <summary>The variable that gave the value, where it was one.</summary>
    public string? Variable { get; init; }

    /// <summary>The place as editors understand it: <c>file:line:column</c>; <c>environment:APP__PORT</c> for a variable.</summary>
    public string Place => (Line, Column) switch
    {
        (int line, int column) => $"{Source}:{line}:{column}",
        (int line, _) => $"{Source}:{line}",
        _ => Variable is null ? Source : $"{Source}:{Variable}",
    };

    public override string ToString() => Place;
}
