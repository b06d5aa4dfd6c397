namespace ServiceCtl.Contracts;

/// <summary>How a generation ended.</summary>
public sealed record ExitReport
{
    public required int Pid { get; init; }

    /// <summary>Exit code; null when a signal ended it, or when it is not known (the process was not the agent's own child).</summary>
    public int? Code { get; init; }

    /// <summary>Number of the signal that ended it, if one did.</summary>
    public int? Signal { get; init; }

    /// <summary>Its name: <c>SIGKILL</c>.</summary>
    public string? SignalName { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Was the end ordered?</summary>
    public bool Expected { get; init; }

    /// <summary>The last lines it printed, oldest first; at most 20, secrets masked.</summary>
    public IReadOnlyList<string> LastLines { get => field ?? []; init; }

    /// <summary>Did the kernel kill it, or one that it had started, for want of memory? Null where it did not, or nobody knows.</summary>
    public MemoryKill? OutOfMemory { get; init; }

    /// <summary>
    /// Did the main process end although processes that it had started went on, as of a program that puts itself into the background?
    /// </summary>
    public bool WentIntoBackground { get; init; }

    public override string ToString() => (Code, Signal) switch
    {
        (null, _) when OutOfMemory is { } kill => kill.ToString(),
        (int code, _) => $"exit code {code}" + (OutOfMemory is { } kill ? $"; {kill}" : "")
            + (WentIntoBackground ? "; it put itself into the background" : ""),
        (_, int signal) => SignalName is null ? $"signal {signal}" : $"signal {signal}, {SignalName}",
        _ => "ended",
    };
}
