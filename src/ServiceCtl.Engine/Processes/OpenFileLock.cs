using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Whose turn it is at a file that several processes write. An open-file-description lock: unlike flock(2) it does not keep .NET's readers
/// from opening the file. Closing the file gives it back. fcntl(2), F_OFD_SETLK.
/// </summary>
internal static class OpenFileLock
{
    private const int SetLock = 37;        // F_OFD_SETLK
    private const short WriteLock = 1;     // F_WRLCK
    private const short Unlock = 2;        // F_UNLCK

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <returns>False when somebody else has kept it for a second: one that was stopped must not stop the others.</returns>
    internal static bool TryTake(SafeHandle file)
    {
        for (var waited = TimeSpan.Zero; !TrySet(file, WriteLock); waited += PollInterval)
        {
            if (waited >= Limit)
                return false;
            Thread.Sleep(PollInterval);
        }

        return true;
    }

    internal static void GiveBack(SafeHandle file) => TrySet(file, Unlock);

    /// <returns>False when somebody else has it. On a file system without locks everybody has it.</returns>
    private static unsafe bool TrySet(SafeHandle file, short type)
    {
        // struct flock: type, whence, start, length (0: all of it), pid.
        Span<byte> request = stackalloc byte[32];
        request.Clear();
        MemoryMarshal.Write(request, type);
        fixed (byte* argument = request)
            return Libc.Fcntl(file, SetLock, argument) == 0 || Marshal.GetLastPInvokeError() is not (Errno.TryAgain or Errno.AccessDenied);
    }
}
