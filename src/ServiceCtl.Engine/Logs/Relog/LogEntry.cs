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

    /// <summary>The last line was three quotes, which may begin the traceback of another process.</summary>
    internal bool IsAfterQuotes { get; set; }

    /// <summary>How many tracebacks had ended when one began behind quotes that have not been closed yet.</summary>
    internal int? QuotedFrom { get; set; }

    /// <summary>Frames without a traceback, in the message: a template's, or the beginning of what the compiler says.</summary>
    internal FrameInMessage? FrameInMessage { get; set; }

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

    /// <summary>What was killed, or died, if it is an incident: <c>HARAKIRI: worker 1 (pid: 12)</c>.</summary>
    internal string? Incident { get; set; }

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
        FrameInMessage = null;
        QuotedFrom = null;
        Ends.Clear();
        Marks |= EntryMarks.Continued;
    }

    /// <summary>Its last lines become the first ones of another entry, which began in them.</summary>
    internal void MoveTo(LogEntry other, FrameInMessage from)
    {
        ReadOnlySpan<byte> bytes = Bytes[from.Offset..];
        int length = LineClassifier.WithoutEnd(bytes[..(bytes.IndexOf((byte)'\n') + 1)]).Length;
        other._bytes.Write(bytes);
        other.Lines = Lines - from.Lines;
        other.Source = Source;
        other.Frame = ..length;
        byte[] rest = Bytes[..from.Offset].ToArray();
        _bytes.ResetWrittenCount();
        _bytes.Write(rest);
        Lines = from.Lines;
    }

    /// <summary>Ready to be another entry.</summary>
    internal void Reset()
    {
        _bytes.ResetWrittenCount();
        Lines = 0;
        IsInternal = IsChained = IsAfterQuotes = IsGroup = IsGroupNamed = ExpectsTraceback = false;
        Phase = EntryPhase.Record;
        Marks = EntryMarks.None;
        Time = Touched = null;
        Pid = Open = 0;
        Frame = null;
        Ends.Clear();
        Request = Incident = null;
        QuotedFrom = null;
        FrameInMessage = null;
    }
}
