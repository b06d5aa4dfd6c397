namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What the service was doing when it failed.</summary>
public enum FailurePhase
{
    /// <summary>It was launched, and not ready yet.</summary>
    Start,

    /// <summary>It served.</summary>
    Running,
}
