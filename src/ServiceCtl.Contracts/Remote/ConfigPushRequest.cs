namespace ServiceCtl.Contracts;

/// <summary>A configuration that is to be pushed to a service.</summary>
public sealed record ConfigPushRequest
{
    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The configuration as text.</summary>
    public required string Text { get; init; }

    public ConfigFormat Format { get; init; } = ConfigFormat.Json;

    /// <summary>How faults name it: the file it comes from, or who pushed it.</summary>
    public string Source { get; init; } = "pushed configuration";

    /// <summary>Keep it, though the service does not become ready with it; else the previous one is put back.</summary>
    public bool NoRollback { get; init; }

    /// <summary>Answer when it is written, without waiting for the restart.</summary>
    public bool NoWait { get; init; }

    /// <summary>Say what it would do, and change nothing.</summary>
    public bool Preview { get; init; }
}
