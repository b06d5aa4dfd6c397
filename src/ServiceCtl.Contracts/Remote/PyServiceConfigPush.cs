namespace ServiceCtl.Contracts;

/// <summary>What became of a configuration that was pushed to a service.</summary>
public sealed record PyServiceConfigPush
{
    public required string Service { get; init; }

    public required ConfigPushOutcome Outcome { get; init; }

    public required string Message { get; init; }

    /// <summary>What differs from the configuration before it.</summary>
    public IReadOnlyList<ConfigDifference> Differences { get => field ?? []; init; }

    /// <summary>Does it need a restart, or a first start?</summary>
    public bool NeedsRestart { get; init; }

    /// <summary>The file the service reads.</summary>
    public required string Path { get; init; }

    /// <summary>Why the service does not run with it.</summary>
    public ErrorReport? Error { get; init; }

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() => Message;
}
