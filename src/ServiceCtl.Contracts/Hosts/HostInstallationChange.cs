namespace ServiceCtl.Contracts;

/// <summary>What an installation on a host has changed.</summary>
public enum HostInstallationChange
{
    /// <summary>The command was there.</summary>
    None,

    Copied,

    /// <summary>It would be copied; nothing was changed.</summary>
    Planned,
}
