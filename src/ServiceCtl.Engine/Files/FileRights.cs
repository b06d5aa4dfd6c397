using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// Does something with files as another user: with what the kernel calls the file system's user, on a thread of its own, which ends with it. Nothing
/// else of this process is touched, and unlike with an effective user, that user can't signal or trace the thread meanwhile.
/// https://man7.org/linux/man-pages/man2/setfsuid.2.html
/// </summary>
internal static unsafe class FileRights
{
    private const int MostGroups = 65536;   // NGROUPS_MAX

    // Not glibc's function: that one changes all threads.
    private static readonly nint SetGroups = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 116 : 159;

    /// <param name="user">Null: with this process's own rights.</param>
    /// <param name="work">Must not hand anything to another thread and wait for it.</param>
    /// <param name="mask">The umask there; with 0 what is made has the mode that was asked for.</param>
    public static T Use<T>(LoginUser? user, Func<T> work, uint mask = 0)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        int couldDump = Libc.Prctl(LinuxConstants.GetDumpable, 0, 0, 0, 0);
        Thread thread = new(() =>
        {
            try
            {
                Become(user, mask);
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        {
            IsBackground = true,
            Name = "file rights",
        };
        thread.Start();
        thread.Join();
        // A change of these rights takes core dumps from the whole process.
        if (user is not null && couldDump == 1)
            _ = Libc.Prctl(LinuxConstants.SetDumpable, 1, 0, 0, 0);
        failure?.Throw();
        return result;
    }

    private static void Become(LoginUser? user, uint mask)
    {
        if (Libc.Unshare(LinuxConstants.OwnFileSystemState) != 0)
            throw SystemError.Last("have a umask for one thread");
        _ = Libc.SetUmask(mask);
        if (user is null)
            return;

        uint[] groups = GroupsOf(user);
        fixed (uint* first = groups)
        {
            if (Libc.SetGroups(SetGroups, groups.Length, first) != 0)
                throw SystemError.Last($"have the groups of {user.Name}");
        }

        _ = Libc.SetFileSystemGroup(user.GroupId);
        _ = Libc.SetFileSystemUser(user.UserId);
        // They say what was; a number that is none changes nothing.
        if ((uint)Libc.SetFileSystemGroup(uint.MaxValue) != user.GroupId || (uint)Libc.SetFileSystemUser(uint.MaxValue) != user.UserId)
            throw SystemError.Of(Errno.NotPermitted, $"have the rights of {user.Name}");
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
