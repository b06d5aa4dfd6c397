using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>A file descriptor of ours: a pidfd, an epoll set, an event, a moved duplicate.</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    internal Descriptor(int number)
        : base(ownsHandle: true)
    {
        SetHandle(number);
    }

    internal int Number => (int)handle;

    /// <summary>A duplicate whose number is not below <paramref name="lowest"/>.</summary>
    internal static Descriptor DuplicateAbove(SafeHandle source, int lowest)
    {
        int number = Libc.Fcntl(source, LinuxConstants.DuplicateCloseOnExec, lowest);
        return number >= 0 ? new Descriptor(number) : throw SystemError.Last("duplicate a file descriptor");
    }

    // close() must not be retried after EINTR on Linux: the number is free already.
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0 || Marshal.GetLastPInvokeError() == Errno.Interrupted;
}
