namespace ServiceCtl.Contracts;

/// <summary>A project that is to be brought up to its template, or to other answers.</summary>
public sealed record ProjectUpdateRequest
{
    /// <summary>Absolute path of the project's folder.</summary>
    public required string Path { get; init; }

    /// <summary>Null for the one that it has.</summary>
    public ProjectDatabase? Database { get; init; }

    /// <summary>Parts to add, or patterns of their names.</summary>
    public IReadOnlyList<string> With { get => field ?? []; init; }

    /// <summary>Parts to take away, or patterns of their names.</summary>
    public IReadOnlyList<string> Without { get => field ?? []; init; }

    /// <summary>Null for the one that it has.</summary>
    public int? Port { get; init; }

    /// <summary>Change files that have uncommitted changes, too.</summary>
    public bool Force { get; init; }
}
