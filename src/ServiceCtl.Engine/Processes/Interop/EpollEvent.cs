using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>struct epoll_event: the kernel packs it on x64 (12 bytes), and nowhere else (16 bytes).</summary>
internal static unsafe class EpollEvent
{
    internal const int MaxSize = 16;

    private static readonly int KeyOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    internal static void Write(byte* target, uint events, long key)
    {
        Unsafe.WriteUnaligned(target, events);
        Unsafe.WriteUnaligned(target + KeyOffset, key);
    }

    internal static long KeyAt(byte* events, int index) =>
        Unsafe.ReadUnaligned<long>(events + (index * (KeyOffset + sizeof(long))) + KeyOffset);
}
