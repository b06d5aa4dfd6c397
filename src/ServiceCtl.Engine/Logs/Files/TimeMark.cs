using System.Buffers.Binary;

namespace ServiceCtl.Engine.Logs.Files;

/// <summary>
/// From this offset of the log on, bytes came at this time or at most <see cref="TimeIndex.Resolution"/> later, until the next mark.
/// </summary>
/// <param name="Offset">In bytes, of the log as it was before compression.</param>
/// <param name="Time">To the millisecond.</param>
/// <param name="Generation">The generation launched last; 0: not known.</param>
internal readonly record struct TimeMark(long Offset, DateTimeOffset Time, int Generation)
{
    internal const int Size = 20;

    internal static TimeMark Read(ReadOnlySpan<byte> bytes)
    {
        // Whatever a damaged file holds must become a time.
        long milliseconds = Math.Clamp(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        return new TimeMark(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]));
    }

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Generation);
    }
}
