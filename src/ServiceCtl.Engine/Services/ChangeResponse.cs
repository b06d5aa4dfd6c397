namespace ServiceCtl.Engine.Services;

/// <summary>What becomes of a running service whose configuration has changed.</summary>
public enum ChangeResponse
{
    /// <summary>The change is told, and that is all.</summary>
    Tell,

    /// <summary>It is told, and the service is restarted as the change asks for.</summary>
    Restart,
}
