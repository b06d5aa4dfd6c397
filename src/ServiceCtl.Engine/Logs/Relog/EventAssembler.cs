namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>Makes events of the lines of one log, in their order. Lines that carry a pid are distinguished by it.</summary>
internal sealed class EventAssembler
{
    /// <summary>More processes than any log has at a time: pids that are over are let go.</summary>
    private const int MostStreams = 256;

    private readonly SortedOutput _output;
    private readonly EventStream _common;
    private readonly Incidents _incidents;
    private readonly Dictionary<int, EventStream> _streams = [];

    /// <summary>The entry that the last line went to.</summary>
    private LogEntry? _last;
    private bool _isExtended;
    private bool _isIncident;
    private long _dropped;
    private long _droppedBefore;

    internal EventAssembler(SortedOutput output)
    {
        _output = output;
        _common = new EventStream(output);
        _incidents = new Incidents(output);
    }

    /// <summary>Of the last line that had one.</summary>
    internal DateTime? LastTime { get; set; }

    /// <summary>The entries that could go on.</summary>
    internal IEnumerable<LogEntry> Pending =>
        _incidents.Pending.Concat(_streams.Values.Prepend(_common).Select(stream => stream.Current).OfType<LogEntry>());

    /// <param name="line">With its line end, or its beginning only when it is very long.</param>
    /// <param name="head">What it is; none of the dropped kinds.</param>
    internal void Keep(ReadOnlySpan<byte> line, LineHead head)
    {
        bool mayBeDated = head.Kind is LineKind.Error or LineKind.Uncaught or LineKind.Record or LineKind.Incident or LineKind.IncidentPart
            or LineKind.Text;
        if (mayBeDated && LineTime.Of(line, head) is { } time)
            LastTime = time;
        EventStream stream = StreamOf(head);
        LogEntry? incident = _incidents.Take(line, head, _isIncident && _dropped == _droppedBefore, _dropped, LastTime);
        _isIncident = incident is not null;
        if (_isIncident)
            stream.End();
        else if (head is { Kind: LineKind.Uncaught, Pid: > 0 } && ExceptionText.RequestInHead(line) is { } request)
            _incidents.NameRequest(head.Pid, request);
        _last = incident ?? stream.Take(line, head, _dropped, LastTime);
        _droppedBefore = _dropped;
    }

    /// <summary>The line that was kept last goes on.</summary>
    internal void Extend(ReadOnlySpan<byte> bytes)
    {
        if (!_isExtended)
        {
            _isExtended = true;
            _output.Write(_last!);
            _last!.Continue();
        }

        _output.Extend(_last!, bytes);
    }

    internal void EndLine() => _isExtended = false;

    /// <summary>Lines were dropped: either one, or some that have no pid of their own.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">The first one.</param>
    /// <param name="last">The last one.</param>
    /// <param name="end">Whether they end what has begun.</param>
    internal void Drop(long count, ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, bool end)
    {
        bool isNext = _dropped == _droppedBefore;
        _dropped += count;
        LineHead head = LineClassifier.Classify(last);
        if (LineTime.Of(last, head) is { } time)
            LastTime = time;
        // Servers tell of a request right after what the request has printed.
        head = LineClassifier.Classify(first);
        if (isNext && head.Kind is LineKind.Request or LineKind.Undated && ExceptionText.FailedRequest(first) is { } request)
            NameRequest(head.Pid, request);
        if (!end)
            return;
        _incidents.EndClosed();
        if (!head.HasOwnPid)
            _common.End();
        else if (_streams.TryGetValue(head.Pid, out EventStream? own))
            own.End();
    }

    /// <summary>Takes an entry that was kept.</summary>
    internal void Restore(PendingEntry pending)
    {
        LastTime = pending.Time;
        for (ReadOnlySpan<byte> rest = pending.Lines; !rest.IsEmpty;)
        {
            int length = rest.IndexOf((byte)'\n') is var end and >= 0 ? end + 1 : rest.Length;
            Keep(rest[..length], LineClassifier.Classify(rest[..Math.Min(length, LineClassifier.Enough)]));
            rest = rest[length..];
        }

        if (_last is { } entry)
        {
            entry.Request ??= pending.Request;
            entry.Pid = entry.Pid == 0 ? pending.Pid : entry.Pid;
        }
    }

    /// <summary>Ends what is so long past that nothing can belong to it.</summary>
    internal void EndStale()
    {
        foreach (EventStream stream in _streams.Values.Prepend(_common))
            stream.EndIfStale(_dropped, LastTime);
        _incidents.EndIfStale(_dropped, LastTime);
    }

    /// <summary>Nothing follows.</summary>
    internal void End()
    {
        _common.End();
        foreach (EventStream stream in _streams.Values)
            stream.End();
        _streams.Clear();
        _incidents.End();
    }

    private void NameRequest(int pid, string request)
    {
        LogEntry? entry = (_streams.TryGetValue(pid, out EventStream? own) ? own : _common).Current;
        if (entry is not { Phase: EntryPhase.Closed, IsInternal: false } || entry.Marks.HasFlag(EntryMarks.Interleaved))
            return;
        entry.Request ??= request;
        if (entry.Request == request && entry.Pid == 0)
            entry.Pid = pid;
    }

    private EventStream StreamOf(LineHead head)
    {
        if (!head.HasOwnPid)
            return _common;
        if (_streams.TryGetValue(head.Pid, out EventStream? stream))
            return stream;
        if (_streams.Count == MostStreams)
        {
            foreach (EventStream old in _streams.Values)
                old.End();
            _streams.Clear();
        }

        return _streams[head.Pid] = new EventStream(_output);
    }
}
