namespace ServiceCtl.Contracts;

/// <summary>What services are made from.</summary>
public enum ImportSource
{
    /// <summary>A compose file, of version 1, 2 or 3, or of the Compose specification.</summary>
    Compose,
}
