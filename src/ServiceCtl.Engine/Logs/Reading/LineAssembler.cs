using System.Buffers;
using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Makes lines of bytes that come in segments of any size, in bounded memory.</summary>
internal sealed class LineAssembler
{
    /// <summary>Bytes of a line that become text.</summary>
    internal const int LongestText = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _begun = new();
    private readonly Queue<(string Text, LineStamp Stamp)> _lines = new();
    private LineStamp _stamp;
    private long _cut;
    private bool _inLine;
    private bool _skips;

    /// <summary>Whether a line has begun whose end has not come.</summary>
    internal bool IsInLine => _inLine && !_skips;

    /// <summary>What comes up to the next line end is the rest of a line that is not wanted.</summary>
    internal void SkipLine() => _skips = _inLine = true;

    /// <param name="bytes">What follows the bytes of the last call.</param>
    /// <param name="stampAt">What is known of a line that begins at an index of <paramref name="bytes"/>; asked in ascending order.</param>
    internal void Append(ReadOnlySpan<byte> bytes, Func<int, LineStamp> stampAt)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (!_inLine)
            {
                _stamp = stampAt(at);
                _inLine = true;
            }

            int length = bytes[at..].IndexOf((byte)'\n');
            bool ends = length >= 0;
            ReadOnlySpan<byte> part = ends ? bytes.Slice(at, length) : bytes[at..];
            if (!_skips)
                Add(part);
            if (ends)
                End();
            at += part.Length + 1;
        }
    }

    /// <summary>The line that has begun is complete as it is.</summary>
    internal void End()
    {
        if (!_skips)
            _lines.Enqueue((Text(), _stamp));
        _begun.ResetWrittenCount();
        _cut = 0;
        _inLine = _skips = false;
    }

    internal bool TryTake(out string text, out LineStamp stamp)
    {
        bool has = _lines.TryDequeue(out var line);
        (text, stamp) = line;
        return has;
    }

    private void Add(ReadOnlySpan<byte> part)
    {
        int room = LongestText - _begun.WrittenCount;
        _cut += Math.Max(part.Length - room, 0);
        _begun.Write(part[..Math.Min(part.Length, room)]);
    }

    private string Text()
    {
        ReadOnlySpan<byte> bytes = _begun.WrittenSpan;
        if (_cut > 0)
            return string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(bytes)} [... {_cut} more bytes]");
        return Encoding.UTF8.GetString(bytes.EndsWith((byte)'\r') ? bytes[..^1] : bytes);
    }
}
