using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Ends a program that was started through .NET, with all who descend from it. .NET can do that as well, but looks at every process of the
/// host for it, and waits for each whose owner holds up whoever looks.
/// </summary>
internal static class ProcessTree
{
    /// <summary>Nothing where it has ended: who descends from it can't be told then. Who may not be ended is left.</summary>
    public static void Kill(Process process)
    {
        try
        {
            KillAll(process);
        }
        catch (Exception error) when (error is ServiceCtlException or IOException)
        {
            // The host is too short of something to look who else there is.
            process.Kill();
        }
    }

    private static void KillAll(Process process)
    {
        Descriptor? root = process.HasExited ? null : PidFd.Open(process.Id);

        // Looked at again: it was there when the descriptor was opened, or the number may be another's.
        if (root is null || process.HasExited)
        {
            root?.Dispose();
            return;
        }

        List<(int Pid, Descriptor Handle)> level = [(process.Id, root)];
        while (level.Count > 0)
        {
            // Who is stopped has no more children, so that none is missed.
            level.ForEach(member => Signal(member.Pid, member.Handle, Signals.Stop));
            List<(int Pid, Descriptor Handle)> children;
            try
            {
                children = ChildrenOf(level);
            }
            finally
            {
                foreach ((int pid, Descriptor handle) in level)
                {
                    Signal(pid, handle, Signals.Kill);
                    handle.Dispose();
                }
            }

            level = children;
        }
    }

    private static List<(int Pid, Descriptor Handle)> ChildrenOf(List<(int Pid, Descriptor Handle)> level)
    {
        ProcessTable table = ProcessTable.Read();
        return [.. level.SelectMany(member => table.ChildrenOf(member.Pid)).Select(Open).OfType<(int, Descriptor)>()];
    }

    private static (int Pid, Descriptor Handle)? Open(ProcessFigures figures)
    {
        if (PidFd.Open(figures.Pid) is not { } handle)
            return null;

        // Its parent is stopped, and has started nobody else since; one that is held up tells no more than that.
        if (ProcFs.TryRead(figures.Pid) is { HasEnded: false } now
            && (now.ParentPid == figures.ParentPid || now.Identity == figures.Identity))
            return (figures.Pid, handle);
        handle.Dispose();
        return null;
    }

    private static void Signal(int pid, Descriptor handle, int signal)
    {
        try
        {
            PidFd.Signal(handle, pid, signal);
        }
        catch (ServiceCtlException)
        {
            // It has the rights of somebody else, as a program of sudo's has.
        }
    }
}
