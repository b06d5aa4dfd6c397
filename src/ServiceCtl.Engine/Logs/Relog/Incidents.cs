namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// What a server tells of requests and workers that were killed, or died, as one event each: lines about one process belong together,
/// though its master tells of its end up to a second later.
/// </summary>
internal sealed class Incidents(SortedOutput output)
{
    /// <summary>More that could go on than any server has at a time.</summary>
    private const int Most = 64;

    /// <summary>Dropped lines after which a log without times is past an incident.</summary>
    private const long LongestGap = 100_000;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly List<LogEntry> _open = [];
    private readonly Stack<LogEntry> _unused = new();
    private LogEntry? _last;
    private long _droppedBefore;

    /// <summary>Those that could go on.</summary>
    internal IEnumerable<LogEntry> Pending => _open;

    /// <param name="line">With its line end.</param>
    /// <param name="head">What it is.</param>
    /// <param name="isNext">Whether it follows the last line of an incident.</param>
    /// <param name="dropped">Dropped lines of the whole log so far.</param>
    /// <param name="time">Of this line, or the last one before it that had one.</param>
    /// <returns>The entry that it belongs to; null when it is no part of an incident.</returns>
    internal LogEntry? Take(ReadOnlySpan<byte> line, LineHead head, bool isNext, long dropped, DateTime? time)
    {
        if (_open.Count == 0 && head.Kind != LineKind.Incident)
            return null;
        EndIfStale(dropped, time);
        EndClosed();
        LogEntry? entry = head.Kind switch
        {
            LineKind.Incident => Of(IncidentText.Read(line), time),
            LineKind.IncidentPart => _last,
            // Python tells where it was when it crashed; frames first, and then what it had loaded.
            LineKind.Blank or LineKind.Frame or LineKind.Indented or LineKind.Text when isNext
                && _last is { Phase: EntryPhase.Open, Pid: 0 } => _last,
            _ => null,
        };
        if (entry is null || entry.Length > EventStream.LongestEntry)
            return null;

        Range at = entry.Append(line);
        entry.Touched = time;
        if (head.Kind == LineKind.Frame)
            entry.Frame ??= at;
        if (head.Kind == LineKind.IncidentPart)
            entry.Request ??= IncidentText.RequestOf(line);
        _droppedBefore = dropped;
        return _last = entry;
    }

    /// <summary>A worker tells which request it was at.</summary>
    internal void NameRequest(int pid, string request)
    {
        if (_open.Find(entry => pid > 0 && entry.Pid == pid) is { } entry)
            entry.Request ??= request;
    }

    /// <summary>Ends what is so long past that nothing can belong to it.</summary>
    internal void EndIfStale(long dropped, DateTime? time)
    {
        bool areOver = dropped - _droppedBefore > LongestGap;
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            if (areOver || time - _open[i].Touched > LongestPause)
                End(i);
        }
    }

    /// <summary>Ends those of which the server has told the end.</summary>
    internal void EndClosed()
    {
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Phase == EntryPhase.Closed)
                End(i);
        }
    }

    /// <summary>Nothing follows.</summary>
    internal void End()
    {
        while (_open.Count > 0)
            End(0);
    }

    private LogEntry Of(IncidentText text, DateTime? time)
    {
        // What has no pid of its own is of the process whose end is reported next.
        int known = _open.FindIndex(entry => entry.Pid == 0 ? text is { IsEnd: true, Pid: > 0 } : entry.Pid == text.Pid);
        if (known < 0)
        {
            if (_open.Count == Most)
                End(0);
            LogEntry begun = _unused.TryPop(out LogEntry? unused) ? unused : new LogEntry();
            begun.Source = output.Source;
            begun.Time = time;
            begun.Phase = EntryPhase.Open;
            begun.Incident = text.Title;
            _open.Add(begun);
            known = _open.Count - 1;
        }

        LogEntry entry = _open[known];
        entry.Pid = entry.Pid == 0 ? text.Pid : entry.Pid;
        // That is the end of it, but the line may be longer than what has been read of it.
        if (text.IsEnd)
            entry.Phase = EntryPhase.Closed;
        return entry;
    }

    private void End(int index)
    {
        LogEntry entry = _open[index];
        _open.RemoveAt(index);
        if (_last == entry)
            _last = null;
        output.Write(entry);
        entry.Reset();
        _unused.Push(entry);
    }
}
