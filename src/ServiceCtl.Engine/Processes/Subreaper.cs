using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Makes this process the parent of every descendant that loses its own, in place of init: whoever slips out of a service's session
/// by a double fork stays below the agent. It owes such orphans a reaper then: <see cref="OrphanReaper"/>.
/// </summary>
public static unsafe class Subreaper
{
    public static bool IsEnabled
    {
        get
        {
            int enabled = 0;
            if (Libc.Prctl(LinuxConstants.GetChildSubreaper, (nuint)(&enabled), 0, 0, 0) != 0)
                throw SystemError.Last("ask whether this process is a subreaper");
            return enabled != 0;
        }
    }

    /// <summary>For the whole process, until it ends. Children do not inherit it.</summary>
    public static void Enable()
    {
        if (Libc.Prctl(LinuxConstants.SetChildSubreaper, 1, 0, 0, 0) != 0)
            throw SystemError.Last("become a subreaper");
    }
}
