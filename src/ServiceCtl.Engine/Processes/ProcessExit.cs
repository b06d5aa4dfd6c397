namespace ServiceCtl.Engine.Processes;

/// <summary>
/// How a process ended. Both null: it has ended, but how is not known (it was not our child, and the kernel is older than 6.15).
/// </summary>
/// <param name="Code">Exit code, 0 to 255; null when a signal ended it.</param>
/// <param name="Signal">Number of the signal that ended it.</param>
public readonly record struct ProcessExit(int? Code, int? Signal)
{
    public static ProcessExit Unknown => default;

    /// <summary>From a status as wait(2) gives it.</summary>
    internal static ProcessExit OfWaitStatus(int status) => (status & 0x7F) == 0
        ? new ProcessExit((status >> 8) & 0xFF, null)
        : new ProcessExit(null, status & 0x7F);

    public override string ToString() => (Code, Signal) switch
    {
        (int code, _) => $"exit code {code}",
        (_, int signal) => $"signal {signal} ({Signals.NameOf(signal)})",
        _ => "ended, how is not known",
    };
}
