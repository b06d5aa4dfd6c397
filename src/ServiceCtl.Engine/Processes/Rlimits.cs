using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Limits of a process that runs (prlimit(2)). Applied after a spawn they come late: what the program did before, and children it
/// forked before, keep the old ones. Where that matters, let a shell set them and exec the program: <c>sh -c 'ulimit -n 4096; exec "$@"' sh
/// PROGRAM ARGUMENTS</c>.
/// </summary>
public static unsafe class Rlimits
{
    private const ulong Unlimited = ulong.MaxValue;

    /// <summary>
    /// Sets one limit: <paramref name="soft"/> is what is enforced, <paramref name="hard"/> how far the process itself may raise it
    /// (only root raises that one again). Null: unlimited.
    /// </summary>
    /// <exception cref="Contracts.ServiceCtlException">No such process, not allowed, or soft above hard.</exception>
    public static void Apply(int pid, ResourceLimit limit, ulong? soft, ulong? hard)
    {
        ulong* limits = stackalloc ulong[2];
        limits[0] = soft ?? Unlimited;
        limits[1] = hard ?? Unlimited;
        if (Libc.PrLimit(pid, (int)limit, limits, null) != 0)
            throw SystemError.Last(
                $"limit {limit} of process {pid} to {soft?.ToString() ?? "unlimited"}/{hard?.ToString() ?? "unlimited"}");
    }

    public static (ulong? Soft, ulong? Hard) Read(int pid, ResourceLimit limit)
    {
        ulong* limits = stackalloc ulong[2];
        if (Libc.PrLimit(pid, (int)limit, null, limits) != 0)
            throw SystemError.Last($"read the limit {limit} of process {pid}");
        return (Shown(limits[0]), Shown(limits[1]));
    }

    private static ulong? Shown(ulong value) => value == Unlimited ? null : value;
}
