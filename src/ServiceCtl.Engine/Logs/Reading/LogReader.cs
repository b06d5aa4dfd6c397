using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Reading;

/// <summary>Reads a service's log, rotated files included, in bounded memory, whether or not an agent runs.</summary>
public sealed class LogReader
{
    private readonly LogSource _source;
    private readonly Lazy<FileChanges> _changes;
    private readonly SecretMask? _mask;

    /// <param name="source">The log.</param>
    /// <param name="changes">Wakes those who follow.</param>
    /// <param name="mask">Takes secrets out of the lines; null where the caller does that.</param>
    public LogReader(LogSource source, Lazy<FileChanges> changes, SecretMask? mask = null)
    {
        _source = source;
        _changes = changes;
        _mask = mask;
    }

    /// <summary>
    /// The lines that are asked for, the oldest first, with a null between what was there and what comes, for those who follow. A log that
    /// does not exist has none.
    /// </summary>
    /// <exception cref="ServiceCtlException">The log can't be read, or can't be followed.</exception>
    internal async IAsyncEnumerable<LogLine?> ReadAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Watched before anything is read, so that nothing falls in between.
        Task? change = query.Follow ? _changes.Value.NextAsync(_source.Path) : null;
        using ReadingState state = new(query.Since);
        LogPosition start = await BeginAsync(state, query, cancellation);
        IAsyncEnumerable<LogLine> lines = ReadSegmentsAsync(state, start, cancellation);
        await foreach (LogLine line in _source.TimeOf is null ? lines : NewestLines.SharpenAsync(lines, () => state.Written, cancellation))
            yield return line;

        if (change is not null)
            yield return null;
        while (change is not null)
        {
            await change.WaitAsync(cancellation);
            change = _changes.Value.NextAsync(_source.Path);
            await foreach (LogLine line in ReadNewAsync(state, cancellation))
                yield return line;
        }

        if (state.Lines.IsInLine)
            state.Lines.End();
        while (TryTake(state, out LogLine? last))
            yield return last;
    }

    private async Task<LogPosition> BeginAsync(ReadingState state, LogQuery query, CancellationToken cancellation)
    {
        state.Segments = Open();
        LogPosition start = default;
        if (query.Since is { } since)
            start = FirstSince(state.Segments, since);
        if (query.Tail is { } tail)
        {
            LogPosition last = await TailFinder.FindAsync(state.Segments, Math.Max(tail, 0), state.Buffer, cancellation);
            start = last.CompareTo(start) > 0 ? last : start;
        }

        if (start.Offset > 0 && await state.Segments[start.Segment].ReadAsync(state.Buffer.AsMemory(0, 1), start.Offset - 1,
            cancellation) == 1
            && state.Buffer[0] != (byte)'\n')
        {
            state.Lines.SkipLine();
        }

        if (_source.TimeOf is not null && start.Segment < state.Segments.Count)
            state.LastTime = await TimeAroundAsync(state, start, query.Tail is not null, cancellation);
        return start;
    }

    /// <summary>
    /// The time of the last line before a place that has one; else of the first one after it, which is as early as can be told. Null: the
    /// lines behind the place are the log's last ones, and none of them has a time. Then they were written when the file was.
    /// </summary>
    private async Task<DateTimeOffset?> TimeAroundAsync(ReadingState state, LogPosition place, bool isTail, CancellationToken cancellation)
    {
        LogSegment first = state.Segments[place.Segment];
        string[] after = await LinesAsync(state, first, place.Offset, place.Offset + state.Buffer.Length, cancellation);
        DateTimeOffset? next = after.Select(line => state.Read(_source, line)).FirstOrDefault(time => time is not null);
        bool isWhole = place.Segment == state.Segments.Count - 1 && first.Length - place.Offset <= state.Buffer.Length;
        if (isTail && isWhole && next is null)
            return null;
        for (int i = place.Segment; i >= Math.Max(place.Segment - 1, 0); i--)
        {
            LogSegment segment = state.Segments[i];
            long end = i == place.Segment ? place.Offset : segment.IsCompressed ? 0 : segment.Length;
            string[] before = await LinesAsync(state, segment, Math.Max(end - state.Buffer.Length, 0), end, cancellation);
            if (before.Reverse().Select(line => state.Read(_source, line)).FirstOrDefault(time => time is not null) is { } last)
                return last;
        }

        return next;
    }

    private static async Task<string[]> LinesAsync(
        ReadingState state, LogSegment segment, long begin, long end, CancellationToken cancellation)
    {
        state.Written = segment.Written;
        int count = end <= begin ? 0 : await segment.ReadAsync(state.Buffer.AsMemory(0, (int)(end - begin)), begin, cancellation);
        return System.Text.Encoding.UTF8.GetString(state.Buffer, 0, count).Split('\n');
    }

    private static LogPosition FirstSince(List<LogSegment> segments, DateTimeOffset since)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            long first = segments[i].FirstSince(since);
            if (first < segments[i].Length || i == segments.Count - 1)
                return new LogPosition(i, first);
        }

        return default;
    }

    /// <summary>Reads the segments to their ends; the last one stays open.</summary>
    private async IAsyncEnumerable<LogLine> ReadSegmentsAsync(
        ReadingState state, LogPosition start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int i = 0; i < state.Segments.Count; i++)
        {
            if (i < start.Segment)
                continue;
            state.Turn(state.Segments[i], i == start.Segment ? start.Offset : 0);
            await foreach (LogLine line in ReadToEndAsync(state, cancellation))
                yield return line;
        }

        state.KeepCurrentOnly();
    }

    private async IAsyncEnumerable<LogLine> ReadNewAsync(ReadingState state, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (state.Current is { } current)
        {
            // Asked before the reading: when the name has gone to another file, this one is complete.
            bool rotated = current.WasRotated(_source.Path);
            // What has come now was written now, whenever the line before it was.
            state.LastTime = current.Written;
            await foreach (LogLine line in ReadToEndAsync(state, cancellation))
                yield return line;
            if (!rotated)
                yield break;
        }

        List<LogSegment> segments = Open();
        int known = state.Current is { } read ? segments.FindIndex(segment => segment.Continues(read)) : -1;
        if (state.Current is not null && known < 0 && segments.Count > 0)
        {
            if (state.Lines.IsInLine)
                state.Lines.End();
            while (TryTake(state, out LogLine? begun))
                yield return begun;
            yield return Remark("Lines are missing here: they were rotated away before they could be read.");
        }

        state.Replace(segments, known + 1);
        await foreach (LogLine line in ReadSegmentsAsync(state, default, cancellation))
            yield return line;
    }

    private async IAsyncEnumerable<LogLine> ReadToEndAsync(ReadingState state, [EnumeratorCancellation] CancellationToken cancellation)
    {
        LogSegment segment = state.Current!;
        // Truncated by somebody: all of it is new.
        if (!segment.IsCompressed && segment.Length < state.Offset)
            state.Offset = 0;
        segment.OpenIndex();
        while (await segment.ReadAsync(state.Buffer, state.Offset, cancellation) is var count and > 0)
        {
            state.Written = segment.Written;
            long offset = state.Offset;
            state.Lines.Append(state.Buffer.AsSpan(0, count), index => segment.StampAt(offset + index));
            state.Offset += count;
            while (TryTake(state, out LogLine? line))
                yield return line;
        }
    }

    private bool TryTake(ReadingState state, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LogLine? line)
    {
        while (state.Lines.TryTake(out string text, out LineStamp stamp))
        {
            DateTimeOffset? time = stamp.Time ?? state.TimeOf(_source, text);
            if (stamp.Time is null && state.IsBefore(time))
                continue;
            line = new LogLine
            {
                Service = _source.Service,
                Time = time,
                Text = _mask?.MaskText(text) ?? text,
                Generation = stamp.Generation,
                File = stamp.File,
            };
            return true;
        }

        line = null;
        return false;
    }

    private List<LogSegment> Open()
    {
        try
        {
            return LogSeries.Open(_source.Path, _source.IsCaptured);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                error is UnauthorizedAccessException ? ErrorCode.AccessDenied : ErrorCode.System,
                _source.Path, $"The log {_source.Path} can't be read: {error.Message}",
                "Look at its permissions and those of its folder.", error);
        }
    }

    private LogLine Remark(string text) => new() { Service = _source.Service, Text = text, File = _source.Path, IsRemark = true };
}
