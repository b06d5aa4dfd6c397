namespace ServiceCtl.Contracts;

/// <summary>A project that was made from a template, or brought up to it.</summary>
public sealed record PyServiceProject
{
    /// <summary>What its service and its distribution are called.</summary>
    public required string Name { get; init; }

    /// <summary>What Python imports.</summary>
    public required string Package { get; init; }

    /// <summary>The project's folder.</summary>
    public required string Path { get; init; }

    public required ProjectFramework Framework { get; init; }

    public required ProjectDatabase Database { get; init; }

    public required ProjectLayout Layout { get; init; }

    /// <summary>The port that it listens on; null where the template has none.</summary>
    public int? Port { get; init; }

    /// <summary>The optional parts that it has.</summary>
    public IReadOnlyList<string> Parts { get => field ?? []; init; }

    /// <summary>The version of the template that it has now.</summary>
    public required string TemplateVersion { get; init; }

    /// <summary>The version that it had before; null for a new project.</summary>
    public string? FormerVersion { get; init; }

    /// <summary>The files that something was done with, and those that were kept. Others are as the template has them.</summary>
    public IReadOnlyList<PyServiceProjectFile> Files { get => field ?? []; init; }

    /// <summary>Nothing was done: this is what would be.</summary>
    public bool IsPlan { get; init; }

    /// <summary>The first commit of a repository that was made for it; null where none was.</summary>
    public string? Commit { get; init; }

    /// <summary>Are there files that hold both versions, between markers?</summary>
    public bool HasConflicts => Files.Any(file => file.Change == ProjectFileChange.Conflicted);

    public override string ToString() => Path;
}
