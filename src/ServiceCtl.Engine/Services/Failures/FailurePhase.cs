namespace ServiceCtl.Engine.Services.Failures;

/// <summary>What the service was doing when it failed.</summary>
public enum FailurePhase
{
    /// <summary>It was launched, and not ready yet.</summary>
    Start,

    /// <summary>It served.</summary>
    Running,

    /// <summary>It was asked to end, and ended badly: with an exit code, or because it had to be killed.</summary>
    Stop,
}
