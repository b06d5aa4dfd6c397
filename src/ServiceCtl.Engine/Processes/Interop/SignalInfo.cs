using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>siginfo_t as waitid fills it on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalInfo
{
    [FieldOffset(8)]
    internal int Code;

    [FieldOffset(16)]
    internal int Pid;

    [FieldOffset(24)]
    internal int Status;
}
