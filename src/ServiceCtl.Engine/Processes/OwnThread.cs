using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>The thread that calls.</summary>
internal static class OwnThread
{
    private const int Nice = 10;

    /// <summary>Has it run when others don't want to. Linux has a nice value for each thread.</summary>
    internal static void LowerPriority() => _ = Libc.SetPriority(LinuxConstants.PriorityOfProcess, 0, Nice);
}
