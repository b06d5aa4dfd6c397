using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// A block of a log, and which of its lines are to be kept. Whole lines only: what comes before the first line end and after the last
/// one is a part of a line, which only somebody who knows the neighbours can judge.
/// </summary>
internal sealed class LogChunk(int capacity)
{
    private const int Block = 64;

    private KeptLine[] _kept = new KeptLine[64];
    private int _count;

    internal byte[] Buffer { get; } = new byte[capacity];

    /// <summary>Its place among the chunks of its file.</summary>
    internal long Index { get; set; }

    /// <summary>Where it begins in its file, in bytes.</summary>
    internal long Offset { get; set; }

    internal int Length { get; set; }

    /// <summary>Bytes up to and with the first line end; all when there is none.</summary>
    internal int HeadLength { get; private set; }

    /// <summary>Where the line begins whose end is in a later chunk.</summary>
    internal int TailStart { get; private set; }

    /// <summary>Whole lines between head and tail.</summary>
    internal long Lines { get; private set; }

    internal int KeptCount => _count;

    /// <summary>The dropped lines after the last kept one.</summary>
    internal DroppedLines Rest { get; private set; }

    internal ref readonly KeptLine Kept(int index) => ref _kept[index];

    // Compiled at once and in full: it runs a few times, for millions of lines each. What it calls for every line is inlined for the same
    // reason: elsewhere the compiler's second thoughts would come after the whole log.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Scan()
    {
        ReadOnlySpan<byte> bytes = Buffer.AsSpan(0, Length);
        _count = 0;
        int first = bytes.IndexOf((byte)'\n');
        HeadLength = first < 0 ? Length : first + 1;
        int at = HeadLength;
        int gapCount = 0, gapFirst = 0, gapLast = 0;
        bool gapEnds = false;
        long lines = 0;
        for (int block = at; block < bytes.Length; block += Block)
        {
            for (ulong ends = LineEnds(bytes[block..]); ends != 0; ends &= ends - 1)
            {
                int end = block + BitOperations.TrailingZeroCount(ends) + 1;
                int zeros = bytes[at] == 0 ? Zeros(bytes[at..end]) : 0;
                ReadOnlySpan<byte> line = bytes[(at + zeros)..end];
                // Nearly every line of a real log is a request.
                LineHead head = default;
                if (!LineClassifier.IsRequest(line))
                    head = LineClassifier.Classify(line[..Math.Min(line.Length, LineClassifier.Enough)]);
                // A line with a pid of its own ends only what the same process has begun.
                if (head is { IsDropped: true, HasOwnPid: false })
                {
                    if (gapCount++ == 0)
                        gapFirst = gapLast = at + zeros;
                    else if (head.Kind < LineKind.Undated)
                        gapLast = at + zeros;
                    gapEnds |= head.Kind != LineKind.Rotation;
                }
                else
                {
                    if (_count == _kept.Length)
                        Array.Resize(ref _kept, _count * 2);
                    _kept[_count++] = new KeptLine(at + zeros, line.Length, head, new DroppedLines(gapCount, gapFirst, gapLast, gapEnds));
                    gapCount = 0;
                    gapEnds = false;
                }

                lines++;
                at = end;
            }
        }

        TailStart = at;
        Lines = lines;
        Rest = new DroppedLines(gapCount, gapFirst, gapLast, gapEnds);
    }

    /// <summary>A bit for each of the next 64 bytes that ends a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LineEnds(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= Block)
            return Vector512.Equals(Vector512.Create(bytes), Vector512.Create((byte)'\n')).ExtractMostSignificantBits();
        ulong ends = 0;
        for (int i = 0; i < bytes.Length; i++)
            ends |= bytes[i] == (byte)'\n' ? 1UL << i : 0;
        return ends;
    }

    /// <summary>
    /// A file that was truncated under its writer has a hole before the first new line, which reads as zeros and is no text.
    /// </summary>
    internal static int Zeros(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept((byte)0) is var count and >= 0 ? count : line.Length;
}
