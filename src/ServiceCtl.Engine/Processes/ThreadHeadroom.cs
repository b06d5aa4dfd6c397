using System.ComponentModel;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// How many more threads this process may have: they count as processes of its user (ulimit -u) and of its cgroup (pids.max). .NET aborts
/// where it can't have one that it needs, so that it is tried before one is needed.
/// </summary>
public static class ThreadHeadroom
{
    /// <summary>Nobody comes to such a limit by chance, and a trial of each thread costs a tenth of a millisecond.</summary>
    private const ulong Ample = 2048;

    private const int SmallStack = 128 * 1024;

    /// <summary>As containers see their own.</summary>
    private static readonly string[] ContainerLimits = ["/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max"];

    /// <summary>Is there a limit so low that it may be met?</summary>
    public static bool IsLimited => Rlimits.Read(Environment.ProcessId, ResourceLimit.Processes).Soft < Ample
        || Array.Exists(ContainerLimits, file => Read(file) < Ample);

    /// <summary>Has so many threads for a moment, or as many as can be had.</summary>
    /// <returns>How many there were.</returns>
    public static int Count(int most)
    {
        using ManualResetEventSlim end = new();
        List<Thread> threads = [];
        try
        {
            while (threads.Count < most)
            {
                Thread thread = new(end.Wait, SmallStack) { IsBackground = true };
                thread.Start();
                threads.Add(thread);
            }
        }
        catch (OutOfMemoryException)
        {
            // The kernel's word for it is EAGAIN.
        }

        end.Set();
        threads.ForEach(thread => thread.Join());
        return threads.Count;
    }

    public static ServiceCtlException Missing(string who, int needed, int found) => new(
        ErrorCode.System, who,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{who} needs {needed} threads, and this user or container may have {found} more (ulimit -u, pids.max)."),
        Advice);

    /// <summary>Is it what .NET throws where it can't have a thread?</summary>
    public static ServiceCtlException? Explain(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is Win32Exception { NativeErrorCode: Errno.TryAgain }
                || (at is OutOfMemoryException && at.StackTrace?.Contains("Threading.Thread", StringComparison.Ordinal) == true))
            {
                return new ServiceCtlException(
                    ErrorCode.System, "servicectl", "This user or container may have no further thread or process.", Advice, error);
            }
        }

        return null;
    }

    /// <summary>Ends this process without waiting for anybody: some may wait for a thread that could not be started.</summary>
    public static void EndNow(int code) => Libc.ExitNow(code);

    private const string Advice =
        "Raise the limit of processes of this user (ulimit -u), of its control group (pids.max) or of the host (kernel.pid_max), or end "
            + "what runs away.";

    private static ulong? Read(string file) =>
        ulong.TryParse(ProcFile.TryReadAll(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out ulong number)
            ? number : null;
}
