namespace ServiceCtl.Contracts;

/// <summary>One fault in a configuration.</summary>
public sealed record ConfigurationProblem
{
    /// <summary>The file, or another source's name (<c>environment</c>, <c>command line</c>).</summary>
    public required string Source { get; init; }

    /// <summary>Line, from 1; null where the source has no lines.</summary>
    public int? Line { get; init; }

    /// <summary>Column, from 1, in characters.</summary>
    public int? Column { get; init; }

    /// <summary>The key it is about, as a dotted path.</summary>
    public string? Key { get; init; }

    public required string Message { get; init; }

    /// <summary>What to write instead.</summary>
    public string? Advice { get; init; }

    /// <summary>
    /// The line itself, and below it a caret that points at the column; null where it was not asked for or can't be read.
    /// </summary>
    public string? Excerpt { get; init; }

    /// <summary>The place as editors understand it: <c>file:line:column</c>.</summary>
    public string Place => (Line, Column) switch
    {
        (int line, int column) => $"{Source}:{line}:{column}",
        (int line, _) => $"{Source}:{line}",
        _ => Source,
    };

    public override string ToString() => $"{Place}: {Message}" + (Advice is null ? "" : $" {Advice}");
}
