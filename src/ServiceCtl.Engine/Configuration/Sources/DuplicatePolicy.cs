namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>What becomes of a key that two files give. Between kinds of sources there are no duplicates: the higher one wins.</summary>
public enum DuplicatePolicy
{
    /// <summary>It is a fault, with both places.</summary>
    Stop,

    /// <summary>The last file wins.</summary>
    Last,
}
