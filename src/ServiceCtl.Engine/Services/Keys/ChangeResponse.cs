namespace ServiceCtl.Engine.Services.Keys;

/// <summary>What becomes of a running service whose configuration has changed.</summary>
public enum ChangeResponse
{
    /// <summary>The change is reported, and that is all.</summary>
    Tell,

    /// <summary>It is reported, and the service is restarted as the change asks for.</summary>
    Restart,
}
