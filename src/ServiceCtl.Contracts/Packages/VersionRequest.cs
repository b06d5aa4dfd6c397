namespace ServiceCtl.Contracts;

/// <summary>A step of a version.</summary>
public sealed record VersionRequest
{
    /// <summary>Absolute path of the folder of pyproject.toml.</summary>
    public required string Folder { get; init; }

    public VersionKind Kind { get; init; }

    /// <summary>Which part goes up; null: what the changes ask for.</summary>
    public VersionPart? Part { get; init; }

    /// <summary>Something before the release; null: the release.</summary>
    public VersionStage? Stage { get; init; }

    /// <summary>This very version; null: the next one.</summary>
    public string? Version { get; init; }

    /// <summary>Even without a change in <c>changes</c>.</summary>
    public bool IsEmptyAllowed { get; init; }

    public bool IsCommitted { get; init; }

    public bool IsTagged { get; init; }

    /// <summary>Only show what would be.</summary>
    public bool IsPlan { get; init; }
}
