using System.Runtime.InteropServices;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>
/// The kernel's notices about files, with errors that name the limit that was met. https://man7.org/linux/man-pages/man7/inotify.7.html
/// </summary>
internal static class Inotify
{
    /// <exception cref="ServiceCtlException">The user has no instance left.</exception>
    internal static Descriptor Open()
    {
        int number = Libc.InotifyInit(LinuxConstants.OpenCloseOnExec | LinuxConstants.OpenNonBlocking);
        return number >= 0
            ? new Descriptor(number) : throw Refused(null, "make an inotify instance", "Raise fs.inotify.max_user_instances.");
    }

    /// <returns>The watch; negative when the kernel refuses, with its reason in errno.</returns>
    /// <exception cref="ServiceCtlException">The user has no watch left.</exception>
    internal static int TryWatch(Descriptor inotify, string path, uint changes)
    {
        int watch = Libc.InotifyAddWatch(inotify, path, changes);
        return watch < 0 && Marshal.GetLastPInvokeError() == Errno.NoSpace
            ? throw Refused(path, $"watch {path}", "Raise fs.inotify.max_user_watches.") : watch;
    }

    private static ServiceCtlException Refused(string? path, string attempt, string advice) =>
        new(ErrorCode.System, path, $"Can't {attempt}: {SystemError.Text(Marshal.GetLastPInvokeError())}.", advice);
}
