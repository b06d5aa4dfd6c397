using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>The file system's user of one thread, which is to end soon. https://man7.org/linux/man-pages/man2/setfsuid.2.html</summary>
internal static unsafe class ThreadRights
{
    private const int MostGroups = 65536;   // NGROUPS_MAX

    // Not glibc's function: that one changes all threads.
    private static readonly nint SetGroups = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 116 : 159;

    /// <summary>From here on this thread does with files what that user may, in that user's groups.</summary>
    internal static void Become(LoginUser user)
    {
        uint[] groups = GroupsOf(user);
        fixed (uint* first = groups)
        {
            if (Libc.SetGroups(SetGroups, groups.Length, first) != 0)
                throw SystemError.Last($"have the groups of {user.Name}");
        }

        Set(user.UserId, user.GroupId, user.Name);
    }

    /// <summary>The user is root again; the groups are not.</summary>
    internal static void BecomeRoot() => Set(0, 0, "root");

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
