namespace ServiceCtl.Contracts;

/// <summary>Something that a project may have or not.</summary>
public sealed record PyServiceTemplatePart
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>The layouts that can have it; empty for all.</summary>
    public IReadOnlyList<ProjectLayout> Layouts { get => field ?? []; init; }

    /// <summary>The databases that it works with; empty for all.</summary>
    public IReadOnlyList<ProjectDatabase> Databases { get => field ?? []; init; }

    public override string ToString() => Name;
}
