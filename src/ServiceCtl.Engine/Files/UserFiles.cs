using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// What root does to files of a service that runs as another user: in places that nobody else can change, it acts as itself; everywhere
/// else as that user. So whatever a link, a swapped folder or a hard link leads to, nothing happens that the user could not have done.
/// </summary>
internal static class UserFiles
{
    /// <summary>For all, less what the umask denies.</summary>
    private const uint Readable = 0b110_110_110;

    /// <param name="user">The service's; null: it runs as this process's own.</param>
    /// <param name="place">What must not be anybody else's: the file whose content is touched, or the folder in which names are made,
    /// changed or deleted.</param>
    /// <param name="work">What is done. Must not hand anything to another thread and wait for it.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such user.</exception>
    public static T Use<T>(FileActor? user, string place, Func<T> work) =>
        user is null || !Environment.IsPrivilegedProcess || (!user.IsAlways && PlaceTrust.IsTrusted(place))
            ? work()
            : FileRights.Use(LoginUser.Get(user.User, place), work, InheritedSession.UsualMask);

    /// <inheritdoc cref="Use{T}(FileActor?, string, Func{T})"/>
    public static void Use(FileActor? user, string place, Action work) => Use(user, place, () =>
    {
        work();
        return true;
    });

    /// <summary>
    /// Makes a folder, which is to be the user's, if it is not there. Those above it are, too, where root does not make them.
    /// </summary>
    /// <param name="user">Whose it is to be; null: this process's.</param>
    /// <param name="folder">Absolute path.</param>
    /// <param name="mode">Who may do what with it; null: what the umask leaves.</param>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void MakeFolder(FileActor? user, string folder, UnixFileMode? mode = null)
    {
        if (Directory.Exists(folder))
            return;
        string above = Path.GetDirectoryName(folder)!;
        bool isRoots = user is { IsAlways: false } && PlaceTrust.IsTrusted(above);
        Use(user, above, () =>
        {
            Directory.CreateDirectory(folder);
            // Made with one, it would be less what the umask denies.
            if (mode is { } chosen)
                File.SetUnixFileMode(folder, chosen);
        });
        if (isRoots && Environment.IsPrivilegedProcess)
            FileOwner.Set(folder, user!.User);
    }

    /// <summary>Writes to the end of a plain file, which is made with its folder if it is not there.</summary>
    /// <exception cref="IOException">It can't be written, or is something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Append(FileActor? user, string path, ReadOnlyMemory<byte> bytes)
    {
        string above = Path.GetDirectoryName(path)!;
        Use(user, above, () => Directory.CreateDirectory(above));
        using SafeFileHandle file = OpenAppend(user, path);
        using FileStream stream = new(file, FileAccess.Write, bufferSize: 0);
        stream.Write(bytes.Span);
    }

    /// <summary>
    /// Opens a plain file, which is made if it is not there, so that whatever is written goes to its end at that moment: several may write,
    /// and none overwrites what another has written. <see cref="FileMode.Append"/> only looks for the end once.
    /// </summary>
    /// <inheritdoc cref="Append" path="/exception"/>
    public static SafeFileHandle OpenAppend(FileActor? user, string path)
    {
        // Both ways, as whoever opens a FIFO for writing alone waits for a reader.
        const int flags = LinuxConstants.OpenReadWrite | LinuxConstants.OpenAppend | LinuxConstants.OpenCreate;
        return Open(user, path, flags, "written", FileFacts.TryOfLink(path) is null ? Path.GetDirectoryName(path)! : path);
    }

    /// <summary>Opens a plain file to be read. Whoever opens a FIFO or a device waits, perhaps for ever, so these are refused.</summary>
    /// <exception cref="IOException">It can't be opened, or is something else.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    // Not waiting counts for the opening alone: on plain files the flag has no effect.
    public static SafeFileHandle OpenRead(FileActor? user, string path) =>
        Open(user, path, LinuxConstants.OpenReadOnly | LinuxConstants.OpenNonBlocking, "read", path);

    /// <summary>Reads a plain file whole, if it is no longer than it may be.</summary>
    /// <param name="user">The service's; null: it runs as this process's own.</param>
    /// <param name="path">The file.</param>
    /// <param name="most">Bytes.</param>
    /// <inheritdoc cref="OpenRead"/>
    public static byte[] ReadAll(FileActor? user, string path, int most)
    {
        using SafeFileHandle file = OpenRead(user, path);
        long length = RandomAccess.GetLength(file);
        if (length > most)
            throw new IOException($"{path} has {length} bytes, and may have {most}.");
        byte[] bytes = new byte[length];
        int count = RandomAccess.Read(file, bytes, 0);
        return count == length ? bytes : bytes[..count];
    }

    private static SafeFileHandle Open(FileActor? user, string path, int flags, string verb, string place) => Use(user, place, () =>
    {
        // Root's own service, in a place such as /tmp: nothing is written through a name that somebody else has given to another file.
        bool isWary = user is null && (flags & LinuxConstants.OpenCreate) != 0 && Environment.IsPrivilegedProcess
            && !PlaceTrust.IsTrusted(place);
        int number = Libc.Open(path, flags | LinuxConstants.OpenCloseOnExec | (isWary ? LinuxConstants.OpenNoFollow : 0), Readable);
        if (number < 0)
            throw Refusal(path, Marshal.GetLastPInvokeError(), verb);
        SafeFileHandle file = new(number, ownsHandle: true);
        FileFacts facts = FileFacts.Of(file);
        if (facts.IsRegular && !(isWary && (facts.Links > 1 || facts.Owner != 0)))
            return file;
        file.Dispose();
        throw facts.IsRegular
            ? new UnauthorizedAccessException($"{path} may not be {verb} by root: it is another user's, or has another name as well.")
            : new IOException($"{path} is not a regular file.");
    });

    private static Exception Refusal(string path, int error, string verb) => error switch
    {
        Errno.NoEntry or Errno.NotDirectory => new FileNotFoundException($"{path} does not exist.", path),
        Errno.AccessDenied or Errno.NotPermitted => new UnauthorizedAccessException($"{path} may not be {verb}."),
        _ => new IOException($"{path} can't be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}
