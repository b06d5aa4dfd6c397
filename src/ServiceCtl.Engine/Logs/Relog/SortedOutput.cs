using System.Text.Unicode;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>The two results of relog. Each entry has a header of one line, and then its lines as they were.</summary>
internal sealed class SortedOutput(Stream exceptions, Stream internalErrors, ExceptionGroups groups)
{
    private const int LongestHeader = 4096;

    private readonly byte[] _header = new byte[LongestHeader];
    private readonly Target _exceptions = new(exceptions);
    private readonly Target _internalErrors = new(internalErrors);
    private string _source = "";
    private string _name = "";

    /// <summary>The log that is read.</summary>
    internal string Source { get; set; } = "";

    internal long Lines { get; private set; }

    /// <summary>Uncaught exceptions, of all the tracebacks that could be told apart.</summary>
    internal long Exceptions { get; private set; }

    internal long InternalErrors { get; private set; }

    /// <summary>Requests and workers that were killed, or died.</summary>
    internal long Incidents { get; private set; }

    /// <summary>Entries of which something is not certain.</summary>
    internal long Uncertain { get; private set; }

    /// <summary>Writes an entry, or the part of a long one that is there.</summary>
    internal void Write(LogEntry entry)
    {
        // Of a long one, everything may have been written before.
        if (entry.Length == 0)
            return;
        Target target = entry.IsInternal ? _internalErrors : _exceptions;
        target.EndLine();
        target.Write(Header(entry));
        target.Write(entry.Bytes);
        Lines += entry.Lines;
        if ((entry.Marks & ~EntryMarks.Continued) != EntryMarks.None)
            Uncertain++;
        if (entry.IsInternal && !entry.Marks.HasFlag(EntryMarks.Continued))
            InternalErrors++;
        else if (entry.Incident is not null)
            Incidents += entry.Marks.HasFlag(EntryMarks.Continued) ? 0 : groups.AddIncident(entry);
        else if (!entry.IsInternal && entry.HasTraceback)
            Exceptions += groups.Add(entry);
    }

    /// <summary>The last line of what was written of an entry goes on.</summary>
    internal void Extend(LogEntry entry, ReadOnlySpan<byte> bytes) => (entry.IsInternal ? _internalErrors : _exceptions).Write(bytes);

    /// <summary>Everything is with the kernel.</summary>
    internal void Flush()
    {
        _exceptions.Flush();
        _internalErrors.Flush();
    }

    private ReadOnlySpan<byte> Header(LogEntry entry)
    {
        if (!ReferenceEquals(entry.Source, _source))
        {
            _source = entry.Source;
            _name = Path.GetFileName(_source);
        }

        Utf8.TryWrite(_header, $"--- [{LineTime.Text(entry.Time)}] {_name}", out int length);
        if (entry.Pid > 0 && Utf8.TryWrite(_header.AsSpan(length), $" pid {entry.Pid}", out int more))
            length += more;
        for (int mark = 1; mark <= (int)EntryMarks.Continued && entry.Marks != EntryMarks.None; mark *= 2)
        {
            if (entry.Marks.HasFlag((EntryMarks)mark) && Utf8.TryWrite(_header.AsSpan(length), $" ({Remark((EntryMarks)mark)})", out more))
                length += more;
        }

        if (length == LongestHeader)
            length--;
        _header[length] = (byte)'\n';
        return _header.AsSpan(0, length + 1);
    }

    private static string Remark(EntryMarks mark) => mark switch
    {
        EntryMarks.Interleaved => "lines of several tracebacks, which nothing tells apart",
        EntryMarks.Interrupted => "other lines came in between",
        EntryMarks.Unfinished => "its end is missing",
        EntryMarks.Headless => "its beginning is missing",
        EntryMarks.Unattributed => "belongs to no known event",
        _ => "continued",
    };

    /// <summary>A file that may be in the middle of a line: a log ended there.</summary>
    private sealed class Target(Stream stream)
    {
        private bool _inLine;

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty)
                return;
            stream.Write(bytes);
            _inLine = bytes[^1] != (byte)'\n';
        }

        internal void EndLine()
        {
            if (_inLine)
                Write("\n"u8);
        }

        internal void Flush()
        {
            EndLine();
            stream.Flush();
        }
    }
}
