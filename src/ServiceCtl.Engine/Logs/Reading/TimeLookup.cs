using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Reads a <see cref="TimeIndex"/>: times of ascending offsets, with one mark in memory, while the index may still grow.</summary>
internal sealed class TimeLookup : IDisposable
{
    private const int Batch = 200;

    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[Batch * TimeMark.Size];
    private long _position;
    private int _filled;
    private int _next;

    private TimeLookup(SafeFileHandle file)
    {
        _file = file;
    }

    /// <returns>Null when the log has no index.</returns>
    internal static TimeLookup? TryOpen(string path)
    {
        try
        {
            return new TimeLookup(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The last mark at or before the offset, or the given one when there is none further on.</summary>
    internal TimeMark Advance(TimeMark current, long offset)
    {
        while (Peek() is { } mark && mark.Offset <= offset)
        {
            current = mark;
            _next += TimeMark.Size;
        }

        return current;
    }

    /// <summary>The offset of the first mark after a time; null when there is none.</summary>
    internal long? FirstSince(DateTimeOffset time)
    {
        while (Peek() is { } mark)
        {
            if (mark.Time > time)
                return mark.Offset;
            _next += TimeMark.Size;
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private TimeMark? Peek()
    {
        if (_next == _filled)
        {
            int count = RandomAccess.Read(_file, _buffer, _position);
            // One that is being written is read again.
            _filled = count - (count % TimeMark.Size);
            _position += _filled;
            _next = 0;
        }

        return _next < _filled ? TimeMark.Read(_buffer.AsSpan(_next)) : null;
    }
}
