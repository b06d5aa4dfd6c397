using Microsoft.Win32.SafeHandles;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>Whose a file is. Of a link, the link itself: what it points to may be anybody's.</summary>
public static class FileOwner
{
    /// <summary>Lets others through a folder, to what is theirs in it; they still can't look into it.</summary>
    public const UnixFileMode Passage = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="path">The file.</param>
    /// <param name="user">By name or number; its group becomes the file's.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: there is no such user;
    /// <see cref="ErrorCode.AccessDenied"/>, <see cref="ErrorCode.System"/>: it can't be done.</exception>
    public static void Set(string path, string user) => Set(path, LoginUser.Get(user, path));

    /// <summary>The same for an open file, whatever its path means by now.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public static void Set(SafeFileHandle file, string user)
    {
        var owner = LoginUser.Get(user, user);
        if (Libc.ChangeOwner(file, owner.UserId, owner.GroupId) != 0)
            throw SystemError.Last($"give a file to {owner.Name}");
    }

    /// <summary>The same for a folder that nobody else may write to yet, and the files in it. The folder comes last.</summary>
    /// <inheritdoc cref="Set(string, string)"/>
    public static void SetAll(string folder, string user)
    {
        var owner = LoginUser.Get(user, folder);
        foreach (var file in Directory.EnumerateFileSystemEntries(folder))
            Set(file, owner);
        Set(folder, owner);
    }

    /// <returns>The user, where it is another one than this process's; null for that one, and where the user is not known any
    /// more.</returns>
    internal static string? Find(string path) =>
        FileFacts.TryOfLink(path) is { } facts && facts.Owner != Libc.GetEffectiveUid() ? LoginUser.Find(facts.Owner)?.Name : null;

    private static void Set(string path, LoginUser owner)
    {
        if (Libc.ChangeOwner(path, owner.UserId, owner.GroupId) != 0)
            throw SystemError.Last($"give {path} to {owner.Name}", path);
    }
}
