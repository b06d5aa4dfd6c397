namespace ServiceCtl.Engine.Processes;

/// <summary>
/// When a child was started, to the clock tick, as <c>/proc/PID/stat</c> tells it. That read is a thread's apart, and costs two hand-overs
/// (<see cref="GuardedReads"/>); mostly the clock alone says the same: a child that was started between two looks at it within one tick
/// started in that tick.
/// </summary>
internal static class StartClock
{
    private const int Unknown = 0;
    private const int Agrees = 1;
    private const int Differs = 2;

    /// <summary>
    /// Whether /proc counts by this clock: seen at the first child of which both tell. Kernels that only look like Linux may not.
    /// </summary>
    private static volatile int _proc;

    internal static long Now => StatLine.TicksOf(ProcFs.SinceBoot());

    /// <param name="pid">A child that nobody has reaped.</param>
    /// <param name="before">The clock, before it was started.</param>
    /// <param name="after">The same, after.</param>
    /// <returns>0 where nothing tells.</returns>
    internal static long StartOf(int pid, long before, long after)
    {
        if (before == after && _proc == Agrees)
            return before;
        long told = ProcFs.StartTicksOf(pid);
        if (before == after && told != 0 && _proc != Differs)
            _proc = told == before ? Agrees : Differs;
        return told;
    }
}
