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

    /// <summary>The address that stands for the service; null for one that listens nowhere.</summary>
    public string? Listen { get; init; }

    /// <summary>All addresses that it listens on, <see cref="Listen"/> among them.</summary>
    public IReadOnlyList<string> Addresses { get => field ?? []; init; }

    /// <summary>Those of them that nobody listens on.</summary>
    public IReadOnlyList<string> Unreachable { get => field ?? []; init; }

    /// <summary>Does somebody listen on each of <see cref="Addresses"/>? Null when it could not be asked.</summary>
    public bool? Listening { get; init; }

    /// <summary>
    /// Is it registered in Consul? Null when its configuration has no word about Consul; false when Consul could not be asked.
    /// </summary>
    public bool? InConsul { get; init; }

    /// <summary>Why Consul could not be asked.</summary>
    public string? ConsulProblem { get; init; }

    /// <summary>
    /// What registration and listener mean together: development mode, deployed, registered but not running, not running at all.
    /// </summary>
    public string? Conclusion { get; init; }

    public required string Runner { get; init; }

    public required string Path { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>Is it started at boot?</summary>
    public BootStart AtBoot { get; init; }

    /// <summary>
    /// What the configuration on disk would change: set when it is another than the one that runs, or can't be used; a restart takes it.
    /// Null for nothing.
    /// </summary>
    public string? ConfigChange { get; init; }

    /// <summary>The file that holds what the service prints.</summary>
    public string? LogPath { get; init; }

    /// <summary>Resident memory, in bytes, of everything the service runs, helpers in sessions of their own among them.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processor time used by the processes that live.</summary>
    public TimeSpan? ProcessorTime { get; init; }

    /// <summary>
    /// Percent of one core: since somebody last asked, at least a second and at most five minutes ago, else since the launch. Null in its
    /// first second.
    /// </summary>
    public double? ProcessorPercent { get; init; }

    /// <summary>Processes of the service, the main one included.</summary>
    public int ProcessCount { get; init; }

    /// <summary>The server's workers; the instances of a service that has several. Those count no requests.</summary>
    public IReadOnlyList<WorkerStatus> Workers { get => field ?? []; init; }

    /// <summary>Its last answer to <c>service.health</c>; null before the first, and where that is not set.</summary>
    public HealthReport? Health { get; init; }

    /// <summary>The limits that are configured, each with what holds it; of several instances, the first one's.</summary>
    public IReadOnlyList<AppliedLimit> Limits { get => field ?? []; init; }

    /// <summary>
    /// What keeps it from doing and seeing more than it needs, each with what holds it; null in the answer of an older agent.
    /// </summary>
    public IReadOnlyList<AppliedProtection>? Sandbox { get; init; }

    /// <summary>The modules that it needs, or has heard of, by name.</summary>
    public IReadOnlyList<PyServiceModuleAddress> Modules { get => field ?? []; init; }

    /// <summary>
    /// The release that serves, by the name of its folder; of one that does not run, that which would. Null where there are no releases.
    /// </summary>
    public string? Release { get; init; }

    /// <summary>
    /// The state of the code that serves, or would: of its git checkout, or what its release says of itself; null where neither is known.
    /// </summary>
    public GitRevision? Revision { get; init; }

    /// <summary>Why the commit could not be read; null where it was, and where the folder is not a git checkout.</summary>
    public string? RevisionProblem { get; init; }

    /// <summary>How the last generation that ended did so.</summary>
    public ExitReport? LastExit { get; init; }

    /// <summary>
    /// Its last failure since an order: the rule that decided, which start in a row follows, and when. Null while there was none.
    /// </summary>
    public PyServiceFailure? Failure { get; init; }

    /// <summary>What a launch that is to become ready waits for; null while there is none.</summary>
    public string? Awaits { get; init; }

    /// <summary>A release that serves a part of the new connections beside this one; null while there is none.</summary>
    public PyServiceCanary? Canary { get; init; }

    /// <summary>
    /// What goes on inside it; null where <c>service.health.state</c> is not set, where it does not run, and where commits were not asked
    /// for.
    /// </summary>
    public PyServiceInside? Inside { get; init; }

    /// <summary>What is wrong with it, in one sentence; null while nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The host that it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => $"{Name}: {State}";
}
