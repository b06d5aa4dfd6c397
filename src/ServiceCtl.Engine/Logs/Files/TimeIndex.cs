using Microsoft.Win32.SafeHandles;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Files;

/// <summary>
/// When which part of a log was captured, in a file of its own (<c>output.times</c> beside <c>output.log</c>), so that the log holds
/// exactly what the service wrote. At most one <see cref="TimeMark"/> per <see cref="Resolution"/>, and none while nothing is printed.
/// </summary>
internal sealed class TimeIndex : IDisposable
{
    internal static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private SafeFileHandle? _file;
    private long _length;
    private DateTimeOffset _last;

    /// <param name="path">Of the index.</param>
    /// <param name="last">The time that is known without a mark.</param>
    internal TimeIndex(string path, DateTimeOffset last)
    {
        _path = path;
        _last = last;
    }

    /// <summary>The index of a log, with its number when it was rotated (0: not yet).</summary>
    internal static string PathOf(string log, long number) =>
        Path.ChangeExtension(log, ".times") + (number == 0 ? "" : $".{number}");

    /// <summary>Is to be called before the bytes are in the log: whoever sees them finds their time.</summary>
    internal void Mark(long offset, DateTimeOffset now, int generation)
    {
        // A clock that was set back is followed at once.
        TimeSpan since = now - _last;
        if (since >= Resolution || since < TimeSpan.Zero)
            Write(offset, now, generation);
    }

    internal void Write(long offset, DateTimeOffset now, int generation)
    {
        _last = now;
        Span<byte> mark = stackalloc byte[TimeMark.Size];
        new TimeMark(offset, now, generation).Write(mark);
        try
        {
            if (_file is null)
            {
                _file = FileCalls.OpenOrMake(_path);
                long length = RandomAccess.GetLength(_file);
                // A mark that was cut off by a full disk.
                _length = length - (length % TimeMark.Size);
            }

            RandomAccess.Write(_file, mark, _length);
            _length += TimeMark.Size;
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            // What is in the way of this file is in the way of the log beside it, and is reported there. A missing mark makes times
            // coarser.
            Dispose();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
