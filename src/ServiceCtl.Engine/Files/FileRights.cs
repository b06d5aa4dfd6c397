using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// Does something with files as another user: with what the kernel calls the file system's user, on a thread of its own, which ends with
/// it. Nothing else of this process is touched, and unlike with an effective user, that user can't signal or trace the thread meanwhile.
/// </summary>
internal static class FileRights
{
    /// <param name="user">Null: with this process's own rights.</param>
    /// <param name="work">Must not hand anything to another thread and wait for it.</param>
    /// <param name="mask">The umask there; with 0 what is made has the mode that was asked for.</param>
    public static T Use<T>(LoginUser? user, Func<T> work, uint mask = 0) => ShortThread.Run("file rights", () =>
    {
        if (Libc.Unshare(LinuxConstants.OwnFileSystemState) != 0)
            throw SystemError.Last("have a umask for one thread");
        _ = Libc.SetUmask(mask);
        if (user is not null)
            ThreadRights.Become(user);
        return work();
    });
}
