using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>struct group of glibc and musl on 64 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GroupEntry
{
    internal byte* Name;
    internal byte* Password;
    internal uint GroupId;
    internal byte** Members;
}
