namespace ServiceCtl.Contracts;

/// <summary>How the folders of a new project are laid out.</summary>
public enum ProjectLayout
{
    /// <summary>home, etc, var, usr, opt and up.py.</summary>
    Cordio,

    /// <summary>The package beside its configuration.</summary>
    Minimal,
}
