using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>Names that outlive the machine's end. A file's own flush does not write the folder that names it: see fsync(2).</summary>
internal static class DurableFolder
{
    /// <summary>What was created, renamed and deleted in the folder is on the disk.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    internal static void Flush(string folder)
    {
        int number = Libc.Open(folder, LinuxConstants.OpenReadOnly | LinuxConstants.OpenCloseOnExec);
        // Who may write into a folder may still not be allowed to read it, and then can't do more than the rename.
        if (number < 0 && Marshal.GetLastPInvokeError() == Errno.AccessDenied)
            return;
        using Descriptor? descriptor = number < 0 ? null : new Descriptor(number);
        // Some network file systems can't, and say so.
        if (descriptor is null || (Libc.Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != Errno.Invalid))
            throw new IOException($"The folder {folder} can't be written to disk: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
