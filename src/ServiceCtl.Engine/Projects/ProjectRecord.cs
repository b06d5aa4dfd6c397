namespace ServiceCtl.Engine.Projects;

/// <summary>What a project remembers of its template: <c>.servicectl/template.json</c>.</summary>
internal sealed record ProjectRecord
{
    /// <summary>The template's id.</summary>
    public required string Template { get; init; }

    /// <summary>The template's version.</summary>
    public required string Version { get; init; }

    /// <summary>As it was given.</summary>
    public required string Name { get; init; }

    public required string Layout { get; init; }

    public required string Database { get; init; }

    public required IReadOnlyList<string> Parts { get; init; }

    public int? Port { get; init; }

    /// <summary>SHA-256 of each file as the template has it, by its path.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }
}

/// <summary>A file as the template has it: a line of <c>.servicectl/pristine.jsonl</c>.</summary>
internal sealed record PristineLine(string Path, string Text);
