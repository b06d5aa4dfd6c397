namespace ServiceCtl.Contracts;

/// <summary>Whether a host has something.</summary>
public enum HostCheckOutcome
{
    Passed,

    /// <summary>Only some services, or some verbs, need it.</summary>
    Warning,
    Failed,
}
