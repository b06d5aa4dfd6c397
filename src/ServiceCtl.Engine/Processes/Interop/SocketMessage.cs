using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary><c>struct msghdr</c>, of 64 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SocketMessage
{
    public void* Name;
    public uint NameLength;
    public DataBlock* Blocks;
    public nuint BlockCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DataBlock
{
    public void* Start;
    public nuint Length;
}

/// <summary><c>struct cmsghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint Length;
    public int Level;
    public int Kind;
}
