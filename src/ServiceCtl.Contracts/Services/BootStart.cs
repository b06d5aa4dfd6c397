namespace ServiceCtl.Contracts;

/// <summary>What becomes of a service when its host has booted.</summary>
public enum BootStart
{
    /// <summary>It runs again if it was running when the host went down.</summary>
    Restored,

    /// <summary>It is started, even if it was stopped before.</summary>
    Enabled,

    /// <summary>It stays stopped until somebody starts it.</summary>
    Disabled,
}
