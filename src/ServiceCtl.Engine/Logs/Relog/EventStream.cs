namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Makes events of lines that nothing but their shape and order tells apart: those of one process where every line has its pid, or all
/// those without one. Where tracebacks are mixed they become one entry that says so.
/// </summary>
internal sealed class EventStream(SortedOutput output)
{
    /// <summary>Bytes of an entry that are held; a longer one is written in parts.</summary>
    internal const int LongestEntry = 1024 * 1024;

    /// <summary>Dropped lines. A traceback is printed within milliseconds: one that has not ended after so many has been cut.</summary>
    private const long LongestGap = 64;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Stack<LogEntry> _unused = new();
    private long _droppedBefore;

    /// <summary>A traceback in which a record of something else has begun.</summary>
    private LogEntry? _interrupted;

    /// <summary>The entry that the last line went to; null when it could not go on.</summary>
    internal LogEntry? Current { get; private set; }

    /// <summary>The entries that could go on, in the order in which they began.</summary>
    internal IEnumerable<LogEntry> Pending => new[] { _interrupted, Current }.OfType<LogEntry>();

    /// <param name="line">With its line end, or its beginning only when it is very long.</param>
    /// <param name="head">What it is; none of the dropped kinds.</param>
    /// <param name="dropped">Dropped lines of the whole log so far.</param>
    /// <param name="time">Of this line, or the last one before it that had one.</param>
    internal void Take(ReadOnlySpan<byte> line, LineHead head, long dropped, DateTime? time)
    {
        bool isNext = dropped == _droppedBefore;
        EndIfStale(dropped, time);
        _droppedBefore = dropped;

        if (Current is { IsQuoting: true } quoting)
        {
            quoting.IsQuoting = head.Kind != LineKind.Quotes;
            quoting.Append(line);
        }
        else
        {
            switch (head.Kind)
            {
                case LineKind.Error or LineKind.Uncaught or LineKind.Record:
                    BeginRecord(line, head, time);
                    break;
                case LineKind.Traceback or LineKind.Group:
                    BeginTraceback(line, head, isNext, time);
                    break;
                default:
                    Follow(line, head, isNext, time);
                    break;
            }
        }

        Current!.Touched = time;
        if (Current.Length > LongestEntry)
        {
            output.Write(Current);
            Current.Continue();
        }
    }

    /// <summary>Ends what is so long past that nothing can belong to it.</summary>
    internal void EndIfStale(long dropped, DateTime? time)
    {
        if (dropped - _droppedBefore > LongestGap || (Current?.Touched is { } touched && time - touched > LongestPause))
            End();
    }

    /// <summary>Nothing follows: what has begun is written as it is.</summary>
    internal void End()
    {
        if (_interrupted is { } interrupted)
            End(interrupted);
        if (Current is { } current)
            End(current);
        _interrupted = Current = null;
    }

    private void BeginRecord(ReadOnlySpan<byte> line, LineHead head, DateTime? time)
    {
        if (Current is { Phase: EntryPhase.Open } open)
            _interrupted = _interrupted is null ? open : Merge(_interrupted, open);
        else if (Current is { } complete)
            End(complete);

        Start(time, EntryPhase.Record, EntryMarks.None);
        Current!.IsInternal = head.Kind == LineKind.Error;
        Current.Pid = head.Pid;
        if (head.Kind == LineKind.Uncaught)
        {
            Current.ExpectsTraceback = true;
            Current.Request = ExceptionText.RequestInHead(line);
        }

        Current.Append(line);
    }

    private void BeginTraceback(ReadOnlySpan<byte> line, LineHead head, bool isNext, DateTime? time)
    {
        switch (Current?.Phase)
        {
            case EntryPhase.Record when isNext || Current.ExpectsTraceback:
            case EntryPhase.Closed when Current.IsChained:
                break;
            case EntryPhase.Open:
                Current.Marks |= EntryMarks.Interleaved;
                break;
            default:
                if (Current is { } complete)
                    End(complete);
                Start(time, EntryPhase.Open, EntryMarks.None);
                Current!.Pid = head.Pid;
                break;
        }

        LogEntry entry = Current!;
        entry.Append(line);
        entry.Phase = EntryPhase.Open;
        entry.Open++;
        entry.Frame = null;
        entry.IsChained = entry.IsGroupNamed = entry.ExpectsTraceback = false;
        entry.IsGroup = head.Kind == LineKind.Group;
        if (_interrupted is { } interrupted)
        {
            Current = Merge(interrupted, entry);
            _interrupted = null;
        }
    }

    private void Follow(ReadOnlySpan<byte> line, LineHead head, bool isNext, DateTime? time)
    {
        LineKind kind = head.Kind;
        if (_interrupted is { } interrupted && kind is not (LineKind.Text or LineKind.Blank))
        {
            // The record was complete, and these are lines that the traceback lacks.
            End(Current!);
            Current = interrupted;
            Current.Marks |= EntryMarks.Interrupted;
            _interrupted = null;
        }

        switch (Current?.Phase)
        {
            case EntryPhase.Open:
                Continue(Current, line, head);
                break;
            // A cause may have had no traceback, and then the sentence is the first that says what it was.
            case EntryPhase.Closed or EntryPhase.Loose when kind == LineKind.Chain && (isNext || Current.Phase == EntryPhase.Closed):
                Current.Phase = EntryPhase.Closed;
                Current.IsChained = true;
                Current.Marks &= ~EntryMarks.Unattributed;
                Current.Append(line);
                break;
            // A message has as many lines as it likes; frames begin something else.
            case EntryPhase.Closed when (isNext && kind != LineKind.Frame) || kind == LineKind.Blank:
            case EntryPhase.Loose when isNext && kind != LineKind.Frame:
                Current.IsQuoting = kind == LineKind.Quotes;
                Current.Append(line);
                break;
            case EntryPhase.Record when isNext || kind == LineKind.Blank:
                Current.Append(line);
                break;
            default:
                if (Current is { } complete)
                    End(complete);
                BeginLoose(line, head, time);
                break;
        }
    }

    private static void Continue(LogEntry entry, ReadOnlySpan<byte> line, LineHead head)
    {
        Range at = entry.Append(line);
        at = (at.Start.Value + head.Skip)..Math.Max(at.End.Value, at.Start.Value + head.Skip);
        switch (head.Kind)
        {
            case LineKind.Frame:
                entry.Frame = at;
                break;
            case LineKind.Exception when !entry.IsGroup:
                Close(entry, at);
                break;
            case LineKind.GroupLine when !entry.IsGroupNamed:
                ContinueGroup(entry, at);
                break;
            case LineKind.GroupEnd:
                CountEnd(entry);
                break;
            case LineKind.Text:
                entry.Marks |= EntryMarks.Interrupted;
                break;
        }
    }

    /// <summary>Behind the bar is what would be in a plain traceback.</summary>
    private static void ContinueGroup(LogEntry entry, Range at)
    {
        ReadOnlySpan<byte> text = entry.Bytes[at];
        int bar = text.IndexOf((byte)'|') + 2;
        if (bar < 2 || bar >= text.Length)
            return;
        Range behind = (at.Start.Value + bar)..at.End;
        switch (LineClassifier.Classify(text[bar..]).Kind)
        {
            case LineKind.Frame:
                entry.Frame = behind;
                break;
            case LineKind.Exception:
                entry.IsGroupNamed = true;
                entry.Ends.Add(new TracebackEnd(behind, entry.Frame));
                break;
        }
    }

    private static void Close(LogEntry entry, Range at)
    {
        entry.Ends.Add(new TracebackEnd(at, entry.Marks.HasFlag(EntryMarks.Interleaved) ? null : entry.Frame));
        // Code that does not compile has no traceback when Python is to run it; it is complete without one.
        if (entry.Marks.HasFlag(EntryMarks.Headless) && ExceptionText.IsOfCompiler(entry.Bytes[at]))
            entry.Marks &= ~EntryMarks.Headless;
        CountEnd(entry);
    }

    private static void CountEnd(LogEntry entry)
    {
        entry.Open = Math.Max(entry.Open - 1, 0);
        if (entry.Open == 0)
            entry.Phase = EntryPhase.Closed;
    }

    private void BeginLoose(ReadOnlySpan<byte> line, LineHead head, DateTime? time)
    {
        EntryPhase phase = head.Kind switch
        {
            LineKind.Frame or LineKind.GroupLine => EntryPhase.Open,
            LineKind.Chain => EntryPhase.Closed,
            _ => EntryPhase.Loose,
        };
        Start(time, phase, phase == EntryPhase.Loose ? EntryMarks.Unattributed : EntryMarks.Headless);
        Current!.Pid = head.Pid;
        Current.IsChained = phase == EntryPhase.Closed;
        Current.IsGroup = head.Kind == LineKind.GroupLine;
        Current.Open = phase == EntryPhase.Open ? 1 : 0;
        if (phase == EntryPhase.Open)
            Continue(Current, line, head);
        else
            Current.Append(line);
    }

    private void Start(DateTime? time, EntryPhase phase, EntryMarks marks)
    {
        Current = _unused.TryPop(out LogEntry? unused) ? unused : new LogEntry();
        Current.Source = output.Source;
        Current.Time = time;
        Current.Phase = phase;
        Current.Marks = marks;
    }

    private LogEntry Merge(LogEntry first, LogEntry second)
    {
        first.Absorb(second);
        first.Marks |= EntryMarks.Interleaved;
        Release(second);
        return first;
    }

    private void End(LogEntry entry)
    {
        if (entry.Phase == EntryPhase.Open)
            entry.Marks |= EntryMarks.Unfinished;
        output.Write(entry);
        Release(entry);
    }

    private void Release(LogEntry entry)
    {
        entry.Reset();
        _unused.Push(entry);
    }
}
