using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>The file system's user of one thread, which is to end soon. https://man7.org/linux/man-pages/man2/setfsuid.2.html</summary>
internal static unsafe class ThreadRights
{
    private const int MostGroups = 65536;   // NGROUPS_MAX

    private const nint Unchanged = -1;

    // Not glibc's functions: those change all threads.
    private static readonly nint SetGroups = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 116 : 159;
    private static readonly nint SetUsers = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;        // setresuid
    private static readonly nint SetUserGroups = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 119 : 149;   // setresgid

    /// <summary>From here on this thread does with files what that user may, in that user's groups.</summary>
    internal static void Become(LoginUser user)
    {
        TakeGroups(user);
        Set(user.UserId, user.GroupId, user.Name);
    }

    /// <summary>
    /// From here on this thread is that user to whoever asks the kernel who it is, and nobody's to signal: its real user stays root.
    /// </summary>
    internal static void BecomeToOthers(LoginUser user)
    {
        TakeGroups(user);
        if (Libc.SetIdentities(SetUserGroups, Unchanged, (nint)user.GroupId, Unchanged) != 0
            || Libc.SetIdentities(SetUsers, Unchanged, (nint)user.UserId, Unchanged) != 0)
            throw SystemError.Last($"be {user.Name}");
    }

    /// <summary>The user is root again; the groups are not.</summary>
    internal static void BecomeRoot() => Set(0, 0, "root");

    private static void TakeGroups(LoginUser user)
    {
        uint[] groups = GroupsOf(user);
        fixed (uint* first = groups)
        {
            if (Libc.SetGroups(SetGroups, groups.Length, first) != 0)
                throw SystemError.Last($"have the groups of {user.Name}");
        }
    }

    private static void Set(uint user, uint group, string name)
    {
        _ = Libc.SetFileSystemGroup(group);
        _ = Libc.SetFileSystemUser(user);
        // They say what was; a number that is none changes nothing.
        if ((uint)Libc.SetFileSystemGroup(uint.MaxValue) != group || (uint)Libc.SetFileSystemUser(uint.MaxValue) != user)
            throw SystemError.Of(Errno.NotPermitted, $"have the rights of {name}");
    }

    private static uint[] GroupsOf(LoginUser user)
    {
        for (int size = 32; ; size *= 4)
        {
            uint[] groups = new uint[size];
            int count = size;
            int found;
            fixed (uint* first = groups)
                found = Libc.GetGroups(user.Name, user.GroupId, first, &count);
            if (found >= 0)
                return groups[..count];
            if (size >= MostGroups)
                throw SystemError.Of(Errno.Invalid, $"find the groups of {user.Name}");
        }
    }
}
