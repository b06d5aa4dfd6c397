namespace ServiceCtl.Contracts;

/// <summary>What has to happen for a changed key to count. The greater one includes the lesser.</summary>
public enum ConfigChangeEffect
{
    /// <summary>Nothing: it is read when it is used.</summary>
    None,

    /// <summary>A hot restart is enough.</summary>
    Hot,

    /// <summary>The service has to be restarted.</summary>
    Restart,
}
