namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>A mapping with keys of its own.</summary>
/// <param name="Path">Dotted, from the root; empty for the root itself.</param>
/// <param name="Description">A sentence or two for the reference.</param>
/// <param name="IsClosed">Whether a key that the schema doesn't know is a fault. In an open section it is somebody else's, and
/// kept.</param>
public sealed record SchemaSection(string Path, string Description, bool IsClosed)
{
    /// <summary>Whether its required keys are missing also when the section itself is not written.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Known with all its keys, but nothing is done with them yet.</summary>
    public bool IsUnavailable { get; init; }
}
