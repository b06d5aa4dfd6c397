using System.Buffers;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Puts the chunks of one log together again, in their order: lines that they cut, and the events that the lines are.</summary>
/// <param name="assembler">Gets the lines that are kept.</param>
/// <param name="timeAt">Tells when the byte at an ascending offset was written; null for logs of which only their lines tell that.</param>
internal sealed class LogSorter(EventAssembler assembler, Func<long, DateTime?>? timeAt = null)
{
    /// <summary>Bytes of a line that are collected when chunks cut it.</summary>
    private const int LongestCollected = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _begun = new();
    private LineHead _head;
    private LineState _state;

    private enum LineState
    {
        /// <summary>At the beginning of a line, or in its first bytes, which are not enough to judge it.</summary>
        Beginning,
        Dropping,
        Keeping,
    }

    internal long Lines { get; private set; }

    internal long Dropped { get; private set; }

    /// <summary>Bytes of the line whose end has not come, as long as it can be read again from its beginning.</summary>
    internal int Held => _state == LineState.Beginning ? _begun.WrittenCount : 0;

    internal void Take(LogChunk chunk)
    {
        ReadOnlySpan<byte> bytes = chunk.Buffer.AsSpan(0, chunk.Length);
        if (timeAt?.Invoke(chunk.Offset) is { } time)
            assembler.LastTime = time;
        TakePart(bytes[..chunk.HeadLength]);
        if (chunk.HeadLength == chunk.Length)
            return;

        long dropped = 0;
        for (int i = 0; i < chunk.KeptCount; i++)
        {
            ref readonly KeptLine line = ref chunk.Kept(i);
            Drop(bytes, line.Gap);
            dropped += line.Gap.Count;
            if (timeAt?.Invoke(chunk.Offset + line.Start) is { } written)
                assembler.LastTime = written;
            if (line.Head.IsDropped)
                dropped++;
            Take(bytes.Slice(line.Start, line.Length), line.Head);
        }

        Drop(bytes, chunk.Rest);
        Dropped += dropped + chunk.Rest.Count;
        Lines += chunk.Lines;
        TakePart(bytes[chunk.TailStart..]);
    }

    /// <summary>The log ends here, in a line or not: what has begun is a line.</summary>
    internal void EndLine()
    {
        if (_state == LineState.Beginning && _begun.WrittenCount > 0)
            TakeWhole(_begun.WrittenSpan);
        else if (_state != LineState.Beginning)
            CountLong();
        Reset();
    }

    private void TakePart(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
            return;
        bool ends = part[^1] == (byte)'\n';
        if (_state == LineState.Beginning)
        {
            if (_begun.WrittenCount == 0)
                part = part[LogChunk.Zeros(part)..];
            _begun.Write(part);
            part = [];
            if (ends)
            {
                TakeWhole(_begun.WrittenSpan);
                Reset();
                return;
            }

            if (_begun.WrittenCount < LongestCollected)
                return;
            BeginLong();
        }

        if (_state == LineState.Keeping && !part.IsEmpty)
            assembler.Extend(part);
        if (ends)
        {
            CountLong();
            Reset();
        }
    }

    private void TakeWhole(ReadOnlySpan<byte> line)
    {
        LineHead head = LineClassifier.Classify(line[..Math.Min(line.Length, LineClassifier.Enough)]);
        Lines++;
        if (head.IsDropped)
            Dropped++;
        Take(line, head);
    }

    private void Take(ReadOnlySpan<byte> line, LineHead head)
    {
        if (head.IsDropped)
            assembler.Drop(1, line, line, head.Kind != LineKind.Rotation);
        else
            assembler.Keep(line, head);
    }

    /// <summary>A line that a chunk cut: its first bytes tell what it is, and it is not collected.</summary>
    private void BeginLong()
    {
        ReadOnlySpan<byte> begun = _begun.WrittenSpan;
        _head = LineClassifier.Classify(begun[..LineClassifier.Enough]);
        _state = _head.IsDropped ? LineState.Dropping : LineState.Keeping;
        Take(begun, _head);
    }

    private void CountLong()
    {
        Lines++;
        if (_state == LineState.Dropping)
            Dropped++;
        else
            assembler.EndLine();
    }

    private void Drop(ReadOnlySpan<byte> bytes, DroppedLines gap)
    {
        if (gap.Count > 0)
            assembler.Drop(gap.Count, Line(bytes, gap.First), Line(bytes, gap.Last), gap.End);
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> bytes, int start)
    {
        ReadOnlySpan<byte> rest = bytes.Slice(start, Math.Min(bytes.Length - start, LineClassifier.Enough));
        int end = rest.IndexOf((byte)'\n');
        return end < 0 ? rest : rest[..end];
    }

    private void Reset()
    {
        _begun.ResetWrittenCount();
        _state = LineState.Beginning;
    }
}
