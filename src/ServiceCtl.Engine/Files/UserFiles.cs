using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// What root does to files of a service that runs as another user: in places that nobody else can change, it acts as itself; everywhere else
/// as that user. So whatever a link, a swapped folder or a hard link leads to, nothing happens that the user could not have done.
/// </summary>
internal static class UserFiles
{
    private const uint UsualMask = 0b000_010_010;

    /// <param name="user">The service's; null: it runs as this process's own.</param>
    /// <param name="place">What must not be anybody else's: the file whose content is touched, or the folder in which names are made, changed or deleted.</param>
    /// <param name="work">What is done. Must not hand anything to another thread and wait for it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such user.</exception>
    public static T Use<T>(string? user, string place, Func<T> work) =>
        user is null || !Environment.IsPrivilegedProcess || PlaceTrust.IsTrusted(place) ? work() : FileRights.Use(LoginUser.Get(user, place), work, UsualMask);

    /// <inheritdoc cref="Use{T}(string?, string, Func{T})"/>
    public static void Use(string? user, string place, Action work) => Use(user, place, () =>
    {
        work();
        return true;
    });

    /// <summary>Opens a plain file to be read. Whoever opens a FIFO or a device waits, perhaps for ever, so these are refused.</summary>
    /// <exception cref="IOException">It can't be opened, or is something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle OpenRead(string? user, string path) => Use(user, path, () =>
    {
        // Not waiting counts for the opening alone: on plain files the flag has no effect.
        int number = Libc.Open(path, LinuxConstants.OpenReadOnly | LinuxConstants.OpenNonBlocking | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            throw Refusal(path, Marshal.GetLastPInvokeError());
        SafeFileHandle file = new(number, ownsHandle: true);
        if (FileFacts.Of(file).IsRegular)
            return file;
        file.Dispose();
        throw new IOException($"{path} is not a regular file.");
    });

    /// <summary>Reads a plain file whole, if it is no longer than it may be.</summary>
    /// <param name="user">The service's; null: it runs as this process's own.</param>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes.</param>
    /// <inheritdoc cref="OpenRead"/>
    public static byte[] ReadAll(string? user, string path, int most)
    {
        using SafeFileHandle file = OpenRead(user, path);
        long length = RandomAccess.GetLength(file);
        if (length > most)
            throw new IOException($"{path} has {length} bytes, and may have {most}.");
        byte[] bytes = new byte[length];
        int count = RandomAccess.Read(file, bytes, 0);
        return count == length ? bytes : bytes[..count];
    }

    private static Exception Refusal(string path, int error) => error switch
    {
        Errno.NoEntry => new FileNotFoundException($"{path} does not exist.", path),
        Errno.AccessDenied or Errno.NotPermitted => new UnauthorizedAccessException($"{path} may not be read."),
        _ => new IOException($"{path} can't be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}
