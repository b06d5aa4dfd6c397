namespace ServiceCtl.Contracts;

/// <summary>What became of a configuration that was pushed.</summary>
public enum ConfigPushOutcome
{
    /// <summary>It says what the present one says: nothing was done.</summary>
    Unchanged,

    /// <summary>Nothing was done, because only that was asked: what it would do.</summary>
    Preview,

    /// <summary>It is written, and counts: the service reads it by itself, or at its next start.</summary>
    Written,

    /// <summary>The service was started, or restarted, with it.</summary>
    Applied,

    /// <summary>A later one took its place before the service was restarted.</summary>
    Superseded,

    /// <summary>The service did not become ready with it, and the previous one was put back.</summary>
    RolledBack,

    /// <summary>It is kept, but the service does not run with it; the message says why.</summary>
    Failed,
}
