namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Makes events of lines that nothing but their shape and order tells apart: those of one process where every line has its pid, or all
/// those without one. A record, and every line that is dropped, ends what has begun: nothing after it can belong there. Where tracebacks
/// are mixed all the same they become one entry that says so.
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

    /// <summary>The entry that could go on.</summary>
    internal LogEntry? Current { get; private set; }

    /// <param name="line">With its line end, or its beginning only when it is very long.</param>
    /// <param name="head">What it is; none of the dropped kinds.</param>
    /// <param name="dropped">Dropped lines of the whole log so far.</param>
    /// <param name="time">Of this line, or the last one before it that had one.</param>
    /// <returns>The entry that it went to.</returns>
    internal LogEntry Take(ReadOnlySpan<byte> line, LineHead head, long dropped, DateTime? time)
    {
        bool isNext = dropped == _droppedBefore;
        EndIfStale(dropped, time);
        _droppedBefore = dropped;

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

        LogEntry entry = Current!;
        entry.Touched = time;
        if (entry.Length > LongestEntry)
        {
            output.Write(entry);
            entry.Continue();
        }

        return entry;
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
        if (Current is not { } entry)
            return;
        Current = null;
        if (entry.Phase == EntryPhase.Open)
            entry.Marks |= EntryMarks.Unfinished;
        // What follows quotes was part of the message only if they were closed.
        if (entry.QuotedFrom is > 0 && entry.Ends.Count > entry.QuotedFrom)
            entry.Marks |= EntryMarks.Interleaved;
        output.Write(entry);
        entry.Reset();
        _unused.Push(entry);
    }

    private void BeginRecord(ReadOnlySpan<byte> line, LineHead head, DateTime? time)
    {
        LogEntry entry = Start(time, EntryPhase.Record, EntryMarks.None, head.Pid);
        entry.IsInternal = head.Kind == LineKind.Error;
        if (head.Kind == LineKind.Uncaught)
        {
            entry.ExpectsTraceback = true;
            entry.Request = ExceptionText.RequestInHead(line);
        }

        entry.Append(line);
    }

    private void BeginTraceback(ReadOnlySpan<byte> line, LineHead head, bool isNext, DateTime? time)
    {
        LogEntry? entry = Current;
        switch (entry?.Phase)
        {
            case EntryPhase.Record when isNext || entry.ExpectsTraceback:
            case EntryPhase.Closed when entry.IsChained:
                break;
            // The traceback of another process, which multiprocessing puts between quotes into a message.
            case EntryPhase.Closed or EntryPhase.Loose when isNext && entry.IsAfterQuotes:
                entry.QuotedFrom ??= entry.Ends.Count;
                entry.Marks &= ~EntryMarks.Unattributed;
                break;
            case EntryPhase.Open:
                entry.Marks |= EntryMarks.Interleaved;
                break;
            default:
                entry = Start(time, EntryPhase.Open, EntryMarks.None, head.Pid);
                break;
        }

        entry!.Append(line);
        entry.Phase = EntryPhase.Open;
        entry.Open++;
        entry.Frame = null;
        entry.FrameInMessage = null;
        entry.IsChained = entry.IsAfterQuotes = entry.IsGroupNamed = entry.ExpectsTraceback = false;
        entry.IsGroup = head.Kind == LineKind.Group;
    }

    private void Follow(ReadOnlySpan<byte> line, LineHead head, bool isNext, DateTime? time)
    {
        LineKind kind = head.Kind;
        switch (Current?.Phase)
        {
            // Without its beginning, only its shape tells what belongs to a traceback.
            case EntryPhase.Open when kind != LineKind.Text || !Current.Marks.HasFlag(EntryMarks.Headless):
                Continue(Current, line, head);
                break;
            // A cause may have had no traceback, and then the sentence is the first that says what it was.
            case EntryPhase.Closed or EntryPhase.Loose when kind == LineKind.Chain && (isNext || Current.Phase == EntryPhase.Closed):
                Current.Phase = EntryPhase.Closed;
                Current.IsChained = true;
                Current.IsAfterQuotes = false;
                Current.Marks &= ~EntryMarks.Unattributed;
                Current.Append(line);
                break;
            // A message has as many lines as it likes.
            case EntryPhase.Closed when isNext || kind == LineKind.Blank:
                ContinueMessage(Current, line, head);
                break;
            // Frames begin something else.
            case EntryPhase.Loose when isNext && kind != LineKind.Frame:
                Current.IsAfterQuotes = kind == LineKind.Quotes;
                Current.Append(line);
                break;
            case EntryPhase.Record when isNext || kind == LineKind.Blank:
                Current.Append(line);
                break;
            default:
                BeginLoose(line, head, time);
                break;
        }
    }

    private void ContinueMessage(LogEntry entry, ReadOnlySpan<byte> line, LineHead head)
    {
        switch (head.Kind)
        {
            case LineKind.Quotes:
                if (entry.QuotedFrom is > 0 and var quoted && quoted < entry.Ends.Count)
                    entry.Ends.RemoveRange(quoted, entry.Ends.Count - quoted);
                entry.IsAfterQuotes = entry.QuotedFrom is null;
                entry.QuotedFrom = null;
                entry.FrameInMessage = null;
                break;
            // Templates have them in their messages. So has what the compiler says of code that Python was to run, and that is an event.
            case LineKind.Frame:
                entry.FrameInMessage ??= new FrameInMessage(entry.Length, entry.Lines);
                break;
            case LineKind.Exception when entry.FrameInMessage is { } frame && ExceptionText.IsOfCompiler(line[head.Skip..]):
                LogEntry own = Unused();
                own.Marks = EntryMarks.Headless;
                own.Pid = entry.Pid;
                own.Time = entry.Touched;
                own.Open = 1;
                entry.MoveTo(own, frame);
                End();
                Current = own;
                Continue(own, line, head);
                return;
            case LineKind.Indented:
                break;
            default:
                entry.IsAfterQuotes = false;
                entry.FrameInMessage = null;
                break;
        }

        entry.Append(line);
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
        LogEntry entry = Start(time, phase, phase == EntryPhase.Loose ? EntryMarks.Unattributed : EntryMarks.Headless, head.Pid);
        entry.IsChained = phase == EntryPhase.Closed;
        entry.IsGroup = head.Kind == LineKind.GroupLine;
        entry.Open = phase == EntryPhase.Open ? 1 : 0;
        entry.IsAfterQuotes = head.Kind == LineKind.Quotes;
        if (phase == EntryPhase.Open)
            Continue(entry, line, head);
        else
            entry.Append(line);
    }

    private LogEntry Start(DateTime? time, EntryPhase phase, EntryMarks marks, int pid)
    {
        End();
        LogEntry entry = Unused();
        entry.Source = output.Source;
        entry.Time = time;
        entry.Phase = phase;
        entry.Marks = marks;
        entry.Pid = pid;
        return Current = entry;
    }

    private LogEntry Unused() => _unused.TryPop(out LogEntry? unused) ? unused : new LogEntry();
}
