namespace ServiceCtl.Contracts;

/// <summary>Which part of a semantic version goes up.</summary>
public enum VersionPart
{
    /// <summary>Incompatible changes.</summary>
    Major,

    /// <summary>New features.</summary>
    Minor,

    /// <summary>Fixes.</summary>
    Patch,
}
