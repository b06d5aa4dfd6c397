namespace ServiceCtl.Contracts;

/// <summary>A step of a project's version.</summary>
public sealed record PyServiceVersion
{
    /// <summary>The project's name.</summary>
    public required string Project { get; init; }

    public required VersionKind Kind { get; init; }

    /// <summary>The version before.</summary>
    public required string Before { get; init; }

    /// <summary>The version as pyproject.toml has it; of data, as etc/data.version has it.</summary>
    public required string Version { get; init; }

    /// <summary>What a tag of it is called; null where it has none.</summary>
    public string? Tag { get; init; }

    /// <summary>What is new in it.</summary>
    public IReadOnlyList<PyServiceChange> Changes { get => field ?? []; init; } = [];

    /// <summary>Which lines of which files differ.</summary>
    public IReadOnlyList<string> Diff { get => field ?? []; init; } = [];

    /// <summary>The commit that has it; null where none was made.</summary>
    public string? Commit { get; init; }

    /// <summary>Was the tag made?</summary>
    public bool IsTagged { get; init; }

    /// <summary>Were the files written? Not by a look at what would be.</summary>
    public bool IsDone { get; init; }

    /// <summary>The project's folder.</summary>
    public required string Folder { get; init; }

    public override string ToString() => $"{Project} {Version}";
}
