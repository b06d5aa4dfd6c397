using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>struct passwd of glibc and musl on 64 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PasswordEntry
{
    internal byte* Name;
    internal byte* Password;
    internal uint UserId;
    internal uint GroupId;
    internal byte* Comment;
    internal byte* HomeFolder;
    internal byte* Shell;
}
