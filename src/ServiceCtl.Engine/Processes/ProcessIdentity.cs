namespace ServiceCtl.Engine.Processes;

/// <summary>
/// One process, told apart from any later one that gets the same pid. The numbers are kept on disk only together with
/// <see cref="ProcFs.BootId"/>: after a reboot both may come again.
/// </summary>
/// <param name="Pid">The number by which the kernel knows it now.</param>
/// <param name="StartTicks">When it started, in clock ticks since boot (field 22 of <c>/proc/PID/stat</c>); 0: could not be read.</param>
public readonly record struct ProcessIdentity(int Pid, long StartTicks)
{
    /// <returns>
    /// Null when there is no such living process, or none that tells. A zombie has ended, so it doesn't count as living.
    /// </returns>
    public static ProcessIdentity? Of(int pid) =>
        ProcFs.TryRead(pid) is { HasEnded: false, IsHeldUp: false } figures ? figures.Identity : null;

    /// <summary>Of one that keeps waiting whoever asks it is believed.</summary>
    public bool IsAlive() => ProcFs.TryRead(Pid) is { HasEnded: false } figures && Is(figures);

    internal bool Is(ProcessFigures figures) => figures.IsHeldUp || figures.Identity == this;

    public override string ToString() => $"{Pid}@{StartTicks}";
}
