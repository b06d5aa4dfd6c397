namespace ServiceCtl.Contracts;

/// <summary>What relog has done with the logs of one service, or with some files.</summary>
public sealed record RelogReport
{
    /// <summary>Null for logs that were given by their path.</summary>
    public string? Service { get; init; }

    /// <summary>The folder with <c>exceptions.log</c> and <c>internal_errors.log</c>; null when they were not asked for.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Lines that are new since the last report; for a service whose output the agent captures, it may have sorted them before this call.
    /// </summary>
    public required long LinesProcessed { get; init; }

    /// <summary>Of them, INFO and request lines, which are dropped.</summary>
    public required long LinesIgnored { get; init; }

    /// <summary>Lines written to one of the two results. The rest of an event that was not complete follows with the next call.</summary>
    public required long LinesWritten { get; init; }

    /// <summary>Uncaught exceptions among them.</summary>
    public required long Exceptions { get; init; }

    /// <summary>Requests and workers among them that were killed, or died.</summary>
    public long Incidents { get; init; }

    /// <summary>Errors among them that were caught and shown to the client.</summary>
    public required long InternalErrors { get; init; }

    /// <summary>Entries that are incomplete, mixed or without an owner; their headers say which.</summary>
    public required long Uncertain { get; init; }

    /// <summary>Logs that were looked at.</summary>
    public required int FilesProcessed { get; init; }

    /// <summary>Logs that were deleted because of their age.</summary>
    public IReadOnlyList<string> FilesDeleted { get => field ?? []; init; }

    /// <summary>What went wrong with single files; the others were processed.</summary>
    public IReadOnlyList<RelogProblem> Problems { get => field ?? []; init; }

    /// <summary>Bytes read by this call, of the logs as they were before compression.</summary>
    public required long BytesRead { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Everything in <c>exceptions.log</c> by type and place, the most frequent first.</summary>
    public IReadOnlyList<RelogGroup> Groups { get => field ?? []; init; }

    public double BytesPerSecond => Duration > TimeSpan.Zero ? BytesRead / Duration.TotalSeconds : 0;

    /// <summary>The host it is from, as it was asked for; null for this one.</summary>
    public string? HostName { get; init; }

    public override string ToString() =>
        $"{LinesProcessed} lines processed, {LinesIgnored} ignored, {LinesWritten} written; {Exceptions} exceptions, {Incidents} "
            + $"incidents, {InternalErrors} internal errors";
}
