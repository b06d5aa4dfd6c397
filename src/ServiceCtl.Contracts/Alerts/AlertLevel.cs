namespace ServiceCtl.Contracts;

/// <summary>How urgent an alert is, and so where it goes.</summary>
public enum AlertLevel
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody has to look at it.</summary>
    Critical,
}
