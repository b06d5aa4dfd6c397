namespace ServiceCtl.Contracts;

/// <summary>A project that is to be made.</summary>
public sealed record ProjectRequest
{
    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, beginning with a letter.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the project's folder.</summary>
    public required string Path { get; init; }

    public ProjectFramework Framework { get; init; }

    /// <summary>Null for the template's usual one.</summary>
    public ProjectDatabase? Database { get; init; }

    /// <summary>Null for the template's usual one.</summary>
    public ProjectLayout? Layout { get; init; }

    /// <summary>Optional parts, or patterns of their names.</summary>
    public IReadOnlyList<string> Parts { get => field ?? []; init; }

    /// <summary>1 to 65535; null for the template's usual one.</summary>
    public int? Port { get; init; }

    /// <summary>Make it in a folder that holds other things; what is there stays as it is.</summary>
    public bool Force { get; init; }

    /// <summary>Make a git repository of it, with a first commit.</summary>
    public bool Git { get; init; }
}
