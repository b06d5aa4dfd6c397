using System.Runtime.InteropServices;

namespace ServiceCtl.Benchmarks.Capture;

/// <summary>Prints lines that carry their number, as fast as can be.</summary>
internal static partial class Writer
{
    internal const int LineLength = 128;

    private const int Digits = 12;

    internal static unsafe void Write(int block, long bytes)
    {
        byte[] lines = new byte[block];
        lines.AsSpan().Fill((byte)'x');
        for (int at = 0; at < block; at += LineLength)
            lines[at + LineLength - 1] = (byte)'\n';

        long number = 0;
        fixed (byte* first = lines)
        {
            for (long written = 0; written < bytes; written += block)
            {
                for (int at = 0; at < block; at += LineLength)
                    Put(number++, lines.AsSpan(at, Digits));
                for (int at = 0; at < block;)
                {
                    nint count = Write(1, first + at, block - at);
                    if (count < 0)
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                    at += (int)count;
                }
            }
        }
    }

    /// <summary>Whether the files hold whole lines in order, up to the last one.</summary>
    internal static bool IsWhole(byte[] oldest, byte[] middle, byte[] newest, long bytes)
    {
        byte[] all = [.. oldest, .. middle, .. newest];
        long next = (bytes - all.Length) / LineLength;
        Span<byte> digits = stackalloc byte[Digits];
        for (int at = 0; at < all.Length; at += LineLength)
        {
            Put(next++, digits);
            if (!all.AsSpan(at, Digits).SequenceEqual(digits) || all[at + LineLength - 1] != (byte)'\n')
                return false;
        }

        return next * LineLength == bytes && oldest.Length % LineLength == 0 && middle.Length % LineLength == 0;
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
