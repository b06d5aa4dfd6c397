using System.Net.Sockets;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// The file by which a Unix socket is reached. It is made with the rights of the user whose service is to listen there, so that root's
/// agent makes nothing where that user may not, and is that user's from its first moment. The kernel gives it the mode of the socket's own
/// inode: there is no instant with another one, and no path that could mean something else by the time of a chmod.
/// </summary>
internal static class UnixSocketFile
{
    private static readonly nint RenameNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 316 : 276;   // renameat2

    /// <summary>Binds a socket to a path, where nothing may be.</summary>
    /// <param name="socket">A Unix socket.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="access">Whose the file becomes, and who may connect.</param>
    /// <returns>The file, by which it is known again.</returns>
    /// <exception cref="SocketException">It can't be made there.</exception>
    /// <exception cref="ServiceCtlException">There is no such user or group, or the file may not be given to them.</exception>
    public static FileIdentity Bind(Socket socket, string path, SocketFileAccess access)
    {
        var maker = MakerOf(path, access.Maker);
        // The socket's inode is this process's own user's, so only that one may do this.
        if (Libc.ChangeMode(socket.SafeHandle, (uint)access.Mode) != 0)
            throw SystemError.Last($"set the mode of the socket {path}", path);
        FileFacts made = FileRights.Use(maker, () =>
        {
            socket.Bind(new PersistentUnixEndPoint(path));
            return FileFacts.TryOf(path) ?? throw SystemError.Last($"find the socket {path}", path);
        });
        try
        {
            Give(path, made, access);
            return made.Identity;
        }
        catch
        {
            Remove(path, made.Identity);
            throw;
        }
    }

    /// <summary>
    /// Connects to whoever listens behind a path, at once or not at all. A service's user may have put a link there that leads to a program
    /// which listens to root: unless the file is the one that is known, that user is who connects, also to the one who is asked.
    /// </summary>
    /// <param name="socket">A Unix socket.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="known">The file that this process has made there; null when it knows of none.</param>
    /// <param name="user">The service's; null: this process's own.</param>
    /// <exception cref="SocketException">Nobody listens there, or it may not be reached.</exception>
    public static void Connect(Socket socket, string path, FileIdentity? known, string? user)
    {
        // Whoever listens may be slow to accept: a full queue is an answer, and waits for nobody.
        socket.Blocking = false;
        if (MakerOf(path, user) is not { } other)
            socket.Connect(new UnixDomainSocketEndPoint(path));
        else if (known is null || !TryConnect(socket, path, known.Value))
            _ = ShortThread.Run("connecting as a user", () =>
            {
                ThreadRights.BecomeToOthers(other);
                socket.Connect(new UnixDomainSocketEndPoint(path));
                return true;
            });
        socket.Blocking = true;
    }

    /// <summary>
    /// Removes a socket's file that nobody listens behind, with the rights of a user. What is no socket is somebody's data, and stays.
    /// </summary>
    /// <exception cref="IOException">It can't be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
    public static void RemoveStale(string path, string? user) => FileRights.Use(MakerOf(path, user), () =>
    {
        if (FileFacts.TryOf(path) is { IsSocket: true })
            File.Delete(path);
        return true;
    });

    /// <summary>Which file a path leads to; null when none, or no socket.</summary>
    public static FileIdentity? Find(string path) => FileFacts.TryOf(path) is { IsSocket: true } facts ? facts.Identity : null;

    /// <summary>
    /// Removes the file if it is still that one. The folder is held meanwhile: its path may be in the hands of a service's user.
    /// </summary>
    public static void Remove(string path, FileIdentity? file)
    {
        if (file is null)
            return;
        int number = Libc.Open(Path.GetDirectoryName(path)!,
            LinuxConstants.OpenPath | LinuxConstants.OpenDirectory | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return;
        using Descriptor folder = new(number);
        string name = Path.GetFileName(path);
        if (FileFacts.TryOf(folder, name)?.Identity == file)
            _ = Libc.UnlinkAt(folder, name, 0);
    }

    /// <summary>
    /// Gives a path to another socket's file, in one step, so that no client finds none there. The former one gets the name of the other;
    /// where there is none, what has come to be there in the meantime stays.
    /// </summary>
    /// <exception cref="ServiceCtlException">The file can't be moved there.</exception>
    public static void Publish(string file, string path, bool isTaken, string? maker)
    {
        if (FileRights.Use(MakerOf(path, maker),
            () => Move(file, path, isTaken ? LinuxConstants.Exchange : LinuxConstants.NoReplace)) is { } failure)
            throw SystemError.Of(failure, $"give the path {path} to the socket {file}", path);
    }

    /// <summary>
    /// Can this file change places with others in its folder? Not on every file system, nor in a folder like /tmp where it was given to
    /// somebody else.
    /// </summary>
    public static bool CanPublish(string file, string? maker) => FileRights.Use(MakerOf(file, maker), () =>
    {
        string trial = file + "+";
        File.WriteAllBytes(trial, []);
        try
        {
            return Move(file, trial, LinuxConstants.Exchange) is null && Move(file, trial, LinuxConstants.Exchange) is null;
        }
        finally
        {
            File.Delete(trial);
        }
    });

    /// <summary>The file that a listening socket was bound to, by its inode, wherever it is among those that are named.</summary>
    public static (string Path, FileIdentity File)? FindOf(long inode, IEnumerable<string> paths)
    {
        uint? file = null;
        UnixClients.TryRead(socket => file = socket.Inode == inode ? socket.File : file);
        return paths.Select(path => (Path: path, File: Find(path))).Where(found => file is not null && (uint?)found.File?.Inode == file)
            .Select(found => ((string, FileIdentity)?)(found.Path, found.File!.Value)).FirstOrDefault();
    }

    /// <summary>Gives a file that is there already other permissions, if it is still that one.</summary>
    /// <inheritdoc cref="Bind"/>
    public static void Change(string path, FileIdentity file, SocketFileAccess access)
    {
        var maker = MakerOf(path, access.Maker);
        int number = Libc.Open(path, LinuxConstants.OpenPath | LinuxConstants.OpenNoFollow | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            throw SystemError.Last($"open the socket {path}", path);
        using Descriptor open = new(number);
        if (FileFacts.Of(open) is not { IsSocket: true } facts || facts.Identity != file)
            return;
        uint owner = access.Owner is { } user ? LoginUser.Get(user, path).UserId : maker?.UserId ?? Libc.GetEffectiveUid();
        uint group = access.Group is { } name ? LoginGroup.Get(name, path) : maker?.GroupId ?? uint.MaxValue;
        if (Libc.ChangeOwnerAt(open, "", owner, group, LinuxConstants.EmptyPath) != 0)
            throw SystemError.Last($"give the socket {path} to {access.Owner ?? access.Maker}", path);
        // The way to change the mode of what is only known by a descriptor of this kind.
        File.SetUnixFileMode($"/proc/self/fd/{number}", access.Mode);
    }

    /// <returns>False when the path leads to another file by now.</returns>
    private static bool TryConnect(Socket socket, string path, FileIdentity known)
    {
        int number = Libc.Open(path, LinuxConstants.OpenPath | LinuxConstants.OpenNoFollow | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            return false;
        using Descriptor file = new(number);
        if (FileFacts.Of(file).Identity != known)
            return false;
        socket.Connect(new UnixDomainSocketEndPoint($"/proc/self/fd/{number}"));
        return true;
    }

    /// <returns>What was in the way; null when it was done.</returns>
    private static int? Move(string path, string other, int how) =>
        Libc.RenameAt(RenameNumber, LinuxConstants.CurrentDirectory, path, LinuxConstants.CurrentDirectory, other, how) == 0
            ? null
            : Marshal.GetLastPInvokeError();

    /// <returns>Null when that is this process's own user.</returns>
    private static LoginUser? MakerOf(string path, string? name) =>
        name is not null && LoginUser.Get(name, path) is var user && user.UserId != Libc.GetEffectiveUid() ? user : null;

    /// <summary>
    /// Gives it to the owner and group that were named. By then it may be another file, but only another socket of the same maker's.
    /// </summary>
    private static void Give(string path, FileFacts made, SocketFileAccess access)
    {
        if (access is { Owner: null, Group: null })
            return;
        uint owner = access.Owner is { } user ? LoginUser.Get(user, path).UserId : uint.MaxValue;
        uint group = access.Group is { } name ? LoginGroup.Get(name, path) : uint.MaxValue;
        int number = Libc.Open(path, LinuxConstants.OpenPath | LinuxConstants.OpenNoFollow | LinuxConstants.OpenCloseOnExec);
        if (number < 0)
            throw SystemError.Last($"open the socket {path}", path);
        using Descriptor file = new(number);
        if (FileFacts.Of(file) is not { IsSocket: true } now || now.Owner != made.Owner)
            throw new ServiceCtlException(ErrorCode.AccessDenied, path,
                $"{path} was replaced by something else in the moment it was made.");
        if (Libc.ChangeOwnerAt(file, "", owner, group, LinuxConstants.EmptyPath) != 0)
            throw SystemError.Last($"give the socket {path} to {access.Owner}{(access.Group is null ? "" : ":")}{access.Group}", path);
    }
}
