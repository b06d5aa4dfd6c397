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
    public IReadOnlyList<string> LastLines { get; init; } = [];

    public override string ToString() => (Code, Signal) switch
    {
        (int code, _) => $"exit code {code}",
        (_, int signal) => SignalName is null ? $"signal {signal}" : $"signal {signal}, {SignalName}",
        _ => "ended",
    };
}
