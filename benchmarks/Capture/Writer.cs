using System.Runtime.InteropServices;

namespace ServiceCtl.Benchmarks.Capture;

/// <summary>Prints lines that carry their number, as fast as can be.</summary>
internal static partial class Writer
{
    internal const int LineLength = 128; // bytes, where nothing else is asked for

    private const int Digits = 12;

    /// <summary>
    /// Lines go on from one write to the next where the block is no multiple of them, as those of a program that buffers its output do.
    /// </summary>
    internal static unsafe void Write(int block, long bytes, int lineLength)
    {
        int size = block;
        while (size % lineLength != 0)
            size += block;
        byte[] lines = new byte[size];
        lines.AsSpan().Fill((byte)'x');
        for (int at = 0; at < size; at += lineLength)
            lines[at + lineLength - 1] = (byte)'\n';

        long number = 0;
        int next = 0;
        fixed (byte* first = lines)
        {
            for (long written = 0; written < bytes; written += block)
            {
                int at = (int)(written % size), end = at + block;
                for (; next < end; next += lineLength)
                    Put(number++, lines.AsSpan(next, Digits));
                while (at < end)
                {
                    nint count = Write(1, first + at, end - at);
                    if (count < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                    at += (int)count;
                }

                next %= size;
            }
        }
    }

    private static void Put(long number, Span<byte> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* buffer, nint count);
}
