namespace ServiceCtl.Contracts;

/// <summary>What a daemon does at SIGINT and SIGTERM.</summary>
public enum DaemonInterruptMode
{
    /// <summary>It is notified, finishes what it does, and ends by itself.</summary>
    Passive,

    /// <summary>Its work is broken off at once.</summary>
    Aggressive,
}
