using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// A folder that whoever gives an order has named. Root may name one of somebody else's, who could put a link into the way; so the work is
/// done in the folder that was opened, with the rights of whom that belongs to.
/// </summary>
internal static class NamedFolder
{
    private const int Sticky = 0b001_000_000_000;

    /// <param name="folder">Absolute path of a folder that is there.</param>
    /// <param name="work">Gets the folder's path for as long as it works, and whether nobody else can change the way to it. Must not hand
    /// anything to another thread and wait for it.</param>
    /// <exception cref="IOException">The folder can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Others than root can change the way to the folder, and root may not work
    /// there.</exception>
    public static T Use<T>(string folder, Func<string, bool, T> work)
    {
        if (!Environment.IsPrivilegedProcess || PlaceTrust.IsTrusted(folder))
            return work(folder, true);

        using SafeFileHandle opened = Open(folder);
        // By the descriptor: the way to the folder may lead elsewhere by now.
        return FileRights.Use(
            OwnerOf(opened, folder), () => work($"/proc/self/fd/{opened.DangerousGetHandle()}", false), InheritedSession.UsualMask);
    }

    private static SafeFileHandle Open(string folder)
    {
        int number = Libc.Open(folder, LinuxConstants.OpenReadOnly | LinuxConstants.OpenDirectory | LinuxConstants.OpenCloseOnExec);
        return number >= 0
            ? new SafeFileHandle(number, ownsHandle: true) : throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <returns>Null where root itself may write: what it makes in a sticky folder of its own, nobody else can replace.</returns>
    private static LoginUser? OwnerOf(SafeFileHandle folder, string path)
    {
        FileFacts facts = FileFacts.Of(folder);
        if (facts.Owner != 0)
            return LoginUser.Find(facts.Owner) ?? throw new UnauthorizedAccessException($"{path} belongs to nobody whom this host knows.");
        return (facts.Mode & Sticky) != 0 && PlaceTrust.IsTrusted(Path.GetDirectoryName(Path.GetFullPath(path))!)
            ? null
            : throw new UnauthorizedAccessException($"others than root can change {path}, or the way to it. Name a folder of root's.");
    }
}
