namespace ServiceCtl.Contracts;

/// <summary>A container of a service.</summary>
public sealed record PyServiceContainer
{
    public required string Service { get; init; }

    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Image { get; init; }

    /// <summary>As the engine calls it: created, running, paused, restarting, removing, exited, dead.</summary>
    public required string State { get; init; }

    /// <summary>Null for one that has not ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What the engine says to its end or its start; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Did the kernel end it, as it took more memory than it may?</summary>
    public bool IsOutOfMemory { get; init; }

    /// <summary>Which launch of the service; null where it does not say.</summary>
    public int? Generation { get; init; }

    /// <summary>Which of that launch's processes, from 0.</summary>
    public int? Instance { get; init; }

    /// <summary>Of its first process, on the host; null for one that does not run.</summary>
    public int? ProcessId { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Program and arguments.</summary>
    public IReadOnlyList<string> Command { get => field ?? []; init; }

    /// <summary>Null for the image's own, which may be root.</summary>
    public string? User { get; init; }

    public bool IsReadOnly { get; init; }

    /// <summary>Addresses of the host, and the ports inside that they lead to.</summary>
    public IReadOnlyList<string> Ports { get => field ?? []; init; }

    public IReadOnlyList<string> Networks { get => field ?? []; init; }

    /// <summary>What is mounted into it, as <c>source:target</c>, with <c>:ro</c> where it is read-only.</summary>
    public IReadOnlyList<string> Mounts { get => field ?? []; init; }

    /// <summary>The process that keeps it, as <c>pid:start</c>; null where it does not say.</summary>
    public string? Keeper { get; init; }

    /// <summary>Everything the engine says of it, as JSON; null where it was not asked for.</summary>
    public string? Inspection { get; init; }

    /// <summary><c>docker</c> or <c>podman</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The host it is on, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Name;
}
