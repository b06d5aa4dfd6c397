using System.Runtime.InteropServices;
using System.Text;

namespace ServiceCtl.Engine.Processes.Interop;

/// <summary>A NULL-ended array of NUL-ended UTF-8 strings, as exec wants arguments and environment, in one allocation.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    internal NativeStrings(IReadOnlyCollection<string> texts)
    {
        int size = 0;
        foreach (string text in texts)
            size += Encoding.UTF8.GetByteCount(text) + 1;

        nuint pointers = (nuint)(texts.Count + 1) * (nuint)sizeof(byte*);
        Pointer = (byte**)NativeMemory.Alloc(pointers + (nuint)size);
        byte* next = (byte*)Pointer + pointers;
        byte* end = next + size;
        int index = 0;
        foreach (string text in texts)
        {
            Pointer[index++] = next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        Pointer[index] = null;
    }

    internal byte** Pointer { get; private set; }

    public void Dispose()
    {
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
