namespace ServiceCtl.Contracts;

/// <summary>Everything that can be said about one service now: asked of its process, its server and its folder.</summary>
public sealed record PyServiceStatus
{
    public required string Name { get; init; }

    public required ServiceState State { get; init; }

    public int? Pid { get; init; }

    public int Generation { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long the serving generation has been up.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Starts that nobody ordered, since the agent began to look after it.</summary>
    public int Restarts { get; init; }

    public string? Listen { get; init; }

    /// <summary>Does anything accept connections on <see cref="Listen"/>? Null when it could not be asked.</summary>
    public bool? Listening { get; init; }

    /// <summary>Is it registered in Consul? Null when its configuration has no word about Consul; false when Consul could not be asked.</summary>
    public bool? InConsul { get; init; }

    /// <summary>Why Consul could not be asked.</summary>
    public string? ConsulProblem { get; init; }

    /// <summary>What registration and listener mean together: development mode, deployed, registered but not running, not running at all.</summary>
    public string? Conclusion { get; init; }

    public required string Runner { get; init; }

    public required string Path { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>The file that holds what the service prints.</summary>
    public string? LogPath { get; init; }

    /// <summary>Resident memory of the main process and its descendants, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processor time used by the main process and its living descendants.</summary>
    public TimeSpan? ProcessorTime { get; init; }

    /// <summary>Processes of the service, the main one included.</summary>
    public int ProcessCount { get; init; }

    public IReadOnlyList<WorkerStatus> Workers { get; init; } = [];

    /// <summary>The state of the code in the service's folder; null where it is not a git checkout.</summary>
    public GitRevision? Revision { get; init; }

    /// <summary>How the last generation that ended did so.</summary>
    public ExitReport? LastExit { get; init; }

    /// <summary>What is wrong with it, in one sentence; null while nothing is.</summary>
    public string? Problem { get; init; }

    public override string ToString() => $"{Name}: {State}";
}
