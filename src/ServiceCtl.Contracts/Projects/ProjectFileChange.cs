namespace ServiceCtl.Contracts;

/// <summary>What becomes of a file of a project.</summary>
public enum ProjectFileChange
{
    /// <summary>It was not there.</summary>
    Created,

    /// <summary>Nobody had changed it, and the template has.</summary>
    Replaced,

    /// <summary>Both had changed it, in different places.</summary>
    Merged,

    /// <summary>Both had changed the same lines: it holds both, between markers as git writes them.</summary>
    Conflicted,

    /// <summary>Nobody had changed it, and the template has it no longer.</summary>
    Deleted,

    /// <summary>It stays as it is, although the template has changed; the reason says why.</summary>
    Kept,
}
