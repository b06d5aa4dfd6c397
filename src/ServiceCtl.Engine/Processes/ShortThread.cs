using System.Runtime.ExceptionServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// A thread for one piece of work that changes what the kernel keeps for each thread: it ends with it, and the others never notice.
/// </summary>
internal static class ShortThread
{
    /// <param name="name">What debuggers show.</param>
    /// <param name="work">Must not hand anything to another thread and wait for it.</param>
    internal static T Run<T>(string name, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        int couldDump = Libc.Prctl(LinuxConstants.GetDumpable, 0, 0, 0, 0);
        Thread thread = new(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        thread.Join();
        // A change of a thread's rights takes core dumps from the whole process.
        if (couldDump == 1 && Libc.Prctl(LinuxConstants.GetDumpable, 0, 0, 0, 0) != 1)
            _ = Libc.Prctl(LinuxConstants.SetDumpable, 1, 0, 0, 0);
        failure?.Throw();
        return result;
    }
}
