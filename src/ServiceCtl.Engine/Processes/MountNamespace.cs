using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Launches a program with a view of the file system of its own. Namespaces belong to threads and are handed on to children, so a thread
/// that ends with the launch makes one and mounts in it. https://man7.org/linux/man-pages/man7/mount_namespaces.7.html
/// </summary>
internal static class MountNamespace
{
    private static readonly Lazy<string?> Lack = new(FindLack);

    /// <summary>Why there is none on this host, for this user; null where there is.</summary>
    internal static string? Lacking => Lack.Value;

    /// <param name="view">What is to be seen.</param>
    /// <param name="launch">Starts a process, and does nothing else.</param>
    /// <exception cref="ServiceCtlException">The view can't be made.</exception>
    internal static T Run<T>(FileSystemView view, Func<T> launch) => ShortThread.Run("mounts", () =>
    {
        if (Libc.Unshare(LinuxConstants.OwnMounts) != 0)
            throw SystemError.Last("have mounts for one process");
        // What is mounted here stays here; what the host mounts later is seen.
        if (Libc.Mount(null, "/", null, LinuxConstants.MountSlave | LinuxConstants.MountRecursive, null) != 0)
            throw SystemError.Last("have mounts for one process");
        using (MountView mounts = new(view))
            mounts.Make();
        return launch();
    });

    private static unsafe string? FindLack()
    {
        if (!ProcFs.HasCapability(LinuxConstants.CapabilityAdmin))
            return "only root's agent may change what a process sees (CAP_SYS_ADMIN)";
        int error = ShortThread.Run("mounts",
            () => Libc.Unshare(LinuxConstants.OwnMounts) == 0 ? 0 : Marshal.GetLastPInvokeError());
        if (error != 0)
            return $"the kernel refuses mount namespaces: {SystemError.Text(error)}";
        ulong attributes = 0;
        _ = Libc.SetMountAttributes(LinuxConstants.MountSetAttributes, -1, "", 0, &attributes, 0);
        return Marshal.GetLastPInvokeError() == Errno.NotImplemented
            ? "it takes Linux 5.12 (mount_setattr)" : null;
    }
}
