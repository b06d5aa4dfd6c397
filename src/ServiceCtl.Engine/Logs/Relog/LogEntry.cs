using System.Buffers;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>One event of a log, as far as its lines have come.</summary>
internal sealed class LogEntry
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    internal int Length => _bytes.WrittenCount;

    internal long Lines { get; private set; }

    /// <summary>An error that was caught and shown to the client, not an exception that nobody caught.</summary>
    internal bool IsInternal { get; set; }

    internal EntryPhase Phase { get; set; }

    internal EntryMarks Marks { get; set; }

    /// <summary>The log that it began in.</summary>
    internal string Source { get; set; } = "";

    internal DateTime? Time { get; set; }

    /// <summary>The process that it comes from; 0: not known.</summary>
    internal int Pid { get; set; }

    /// <summary>Tracebacks that have begun and not ended.</summary>
    internal int Open { get; set; }

    /// <summary>The next traceback belongs to this entry: a sentence said so.</summary>
    internal bool IsChained { get; set; }

    /// <summary>Within the traceback of another process, which is part of a message.</summary>
    internal bool IsQuoting { get; set; }

    internal bool IsGroup { get; set; }

    /// <summary>The group's own exception has come; what follows are those that are in it.</summary>
    internal bool IsGroupNamed { get; set; }

    /// <summary>A framework has announced a traceback.</summary>
    internal bool ExpectsTraceback { get; set; }

    /// <summary>The time of the log when its last line came.</summary>
    internal DateTime? Touched { get; set; }

    /// <summary>The last frame of the newest traceback.</summary>
    internal Range? Frame { get; set; }

    /// <summary>The lines that ended tracebacks; of a chain, the last one counts.</summary>
    internal List<TracebackEnd> Ends { get; } = [];

    /// <summary>The request it broke: a path and a method as its head names them.</summary>
    internal string? Request { get; set; }

    /// <summary>Whether an exception is in it, whole or in part.</summary>
    internal bool HasTraceback => Ends.Count > 0 || Open > 0 || Frame is not null;

    /// <returns>Where it is among the bytes, without its line end.</returns>
    internal Range Append(ReadOnlySpan<byte> line)
    {
        int start = _bytes.WrittenCount;
        _bytes.Write(line);
        Lines++;
        return start..(start + LineClassifier.WithoutEnd(line).Length);
    }

    /// <summary>What was written out is let go; the entry itself goes on.</summary>
    internal void Continue()
    {
        _bytes.ResetWrittenCount();
        Lines = 0;
        Frame = null;
        Ends.Clear();
        Marks |= EntryMarks.Continued;
    }

    /// <summary>Another entry's lines and state become part of this one.</summary>
    internal void Absorb(LogEntry other)
    {
        int offset = Length;
        _bytes.Write(other.Bytes);
        Lines += other.Lines;
        Open += other.Open;
        Marks |= other.Marks;
        Request ??= other.Request;
        IsInternal &= other.IsInternal;
        foreach (TracebackEnd end in other.Ends)
            Ends.Add(new TracebackEnd(Shift(end.Exception, offset), end.Frame is { } known ? Shift(known, offset) : null));
    }

    /// <summary>Ready to be another entry.</summary>
    internal void Reset()
    {
        _bytes.ResetWrittenCount();
        Lines = 0;
        IsInternal = IsChained = IsQuoting = IsGroup = IsGroupNamed = ExpectsTraceback = false;
        Phase = EntryPhase.Record;
        Marks = EntryMarks.None;
        Time = Touched = null;
        Pid = Open = 0;
        Frame = null;
        Ends.Clear();
        Request = null;
    }

    private static Range Shift(Range range, int by) => (range.Start.Value + by)..(range.End.Value + by);
}
