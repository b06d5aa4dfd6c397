namespace ServiceCtl.Contracts;

/// <summary>Where a service is in its life. The allowed transitions are in the engine, in <c>Supervision/Transitions.cs</c>.</summary>
public enum ServiceState
{
    /// <summary>Known, and waiting for something before its first start (a pushed configuration, say).</summary>
    Idle,

    /// <summary>A generation has been launched and is not ready yet.</summary>
    Starting,

    /// <summary>A generation is ready and serves.</summary>
    Running,

    /// <summary>A new generation is on its way, ordered or after a crash.</summary>
    Restarting,

    /// <summary>Told to stop; requests are being drained.</summary>
    Stopping,

    /// <summary>Nothing of the service runs, as ordered.</summary>
    Stopped,

    /// <summary>Nothing of the service runs, against what was ordered; the last exit and the last error say why.</summary>
    Failed,
}
