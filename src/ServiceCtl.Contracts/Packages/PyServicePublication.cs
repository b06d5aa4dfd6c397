namespace ServiceCtl.Contracts;

/// <summary>A file of a package in an index.</summary>
public sealed record PyServicePublication
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>The folder or address that it was published to.</summary>
    public required string Destination { get; init; }

    /// <summary>What <c>pip install --index-url</c> takes; null where only the server knows.</summary>
    public string? Index { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Is it new there? What is there already, and the same, is left alone.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Was it done? Not by a look at what would be.</summary>
    public bool IsDone { get; init; }

    public override string ToString() => File;
}
