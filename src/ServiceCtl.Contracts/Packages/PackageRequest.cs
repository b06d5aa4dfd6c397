namespace ServiceCtl.Contracts;

/// <summary>A build of a project's packages.</summary>
public sealed record PackageRequest
{
    /// <summary>Absolute path of the folder of pyproject.toml or setup.py.</summary>
    public required string Folder { get; init; }

    /// <summary>Absolute path of the folder that gets the files.</summary>
    public required string Output { get; init; }

    /// <summary>Which of them; null for both.</summary>
    public PackageKind? Kind { get; init; }

    /// <summary>What builds.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>
    /// Are the tools of the build fetched into a virtualenv of their own? Null: where they are not installed.
    /// </summary>
    public bool? IsIsolated { get; init; }
}
