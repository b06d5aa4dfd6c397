using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes;

/// <summary>Ends everything that belongs together, however it is recognised.</summary>
public static class ProcessFamily
{
    /// <summary>
    /// Kills the members, waits for their end, and looks again, until a look finds nobody: a member may have forked between look and
    /// signal. Each look reads the whole process table.
    /// </summary>
    /// <param name="members">Finds them in a table, such as <see cref="ProcessTable.FamilyOf(int, Func{ProcessFigures, bool})"/>. This process is never taken for one.</param>
    /// <param name="watcher">Notices their ends.</param>
    /// <param name="limit">How long all of it may take.</param>
    /// <param name="time">Measures the limit.</param>
    /// <param name="cancellation">Ends the waiting; what was signalled stays so.</param>
    /// <returns>How many were killed.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.StopTimedOut"/>: some outlived SIGKILL, or new ones kept coming; the message names them.</exception>
    public static async Task<int> KillAsync(
        Func<ProcessTable, IEnumerable<ProcessFigures>> members, ExitWatcher watcher, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        long start = time.GetTimestamp();
        int killed = 0;
        while (true)
        {
            List<ProcessFigures> found = [.. members(ProcessTable.Read()).Where(process => process.Pid != Environment.ProcessId)];
            if (found.Count == 0)
                return killed;

            TimeSpan left = limit - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                throw Outlived(found, limit);
            List<ChildProcess> held = [.. found.Select(process => ChildProcess.Adopt(process.Identity, watcher)).OfType<ChildProcess>()];
            try
            {
                foreach (ChildProcess process in held)
                    process.Signal(Signals.Kill);
                await Task.WhenAll(held.Select(process => process.Exited)).WaitAsync(left, time, cancellation);
                killed += held.Count;
            }
            catch (TimeoutException)
            {
                throw Outlived(found.Where(process => process.Identity.IsAlive()), limit);
            }
            finally
            {
                held.ForEach(process => process.Dispose());
            }
        }
    }

    private static ServiceCtlException Outlived(IEnumerable<ProcessFigures> processes, TimeSpan limit)
    {
        string names = string.Join(", ", processes.Take(10).Select(process => $"pid {process.Pid} ({process.Name}, state {process.State})"));
        return new(
            ErrorCode.StopTimedOut,
            null,
            $"Still there {limit.TotalSeconds:0.###} s after SIGKILL: {names}.",
            "A process in state D waits for a device or a network file system, and ends when that answers. One that comes again is started by somebody else.");
    }
}
