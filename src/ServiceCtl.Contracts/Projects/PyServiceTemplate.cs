namespace ServiceCtl.Contracts;

/// <summary>What projects are made from.</summary>
public sealed record PyServiceTemplate
{
    public required ProjectFramework Framework { get; init; }

    public required string Version { get; init; }

    public required string Description { get; init; }

    /// <summary>The layouts that it has, the usual one first.</summary>
    public IReadOnlyList<ProjectLayout> Layouts { get => field ?? []; init; }

    /// <summary>The databases that it has, the usual one first.</summary>
    public IReadOnlyList<ProjectDatabase> Databases { get => field ?? []; init; }

    /// <summary>What a project may have or not, in the order in which it is added.</summary>
    public IReadOnlyList<PyServiceTemplatePart> Parts { get => field ?? []; init; }

    /// <summary>The port that a project listens on where no other is chosen; null where it listens on none.</summary>
    public int? Port { get; init; }

    public override string ToString() => Framework.ToString();
}
