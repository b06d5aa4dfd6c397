using System.Runtime.CompilerServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs;

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

    /// <summary>The lines that are asked for, the oldest first. A log that does not exist has none.</summary>
    /// <exception cref="ServiceCtlException">The log can't be read, or can't be followed.</exception>
    public async IAsyncEnumerable<LogLine> ReadAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (LogLine? line in ReadMarkedAsync(query, cancellation))
        {
            if (line is not null)
                yield return line;
        }
    }

    /// <summary>The same, with a null between what was there and what comes, for those who follow.</summary>
    internal async IAsyncEnumerable<LogLine?> ReadMarkedAsync(LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Watched before anything is read, so that nothing falls in between.
        Task? change = query.Follow ? _changes.Value.NextAsync(_source.Path) : null;
        using ReadingState state = new(query.Since);
        LogPlace start = await BeginAsync(state, query, cancellation);
        await foreach (LogLine line in ReadPiecesAsync(state, start, cancellation))
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

    private async Task<LogPlace> BeginAsync(ReadingState state, LogQuery query, CancellationToken cancellation)
    {
        state.Pieces = Open();
        LogPlace start = default;
        if (query.Since is { } since)
            start = FirstSince(state.Pieces, since);
        if (query.Tail is { } tail)
        {
            LogPlace last = await TailFinder.FindAsync(state.Pieces, Math.Max(tail, 0), state.Buffer, cancellation);
            start = last.CompareTo(start) > 0 ? last : start;
        }

        if (start.Offset > 0 && await state.Pieces[start.Piece].ReadAsync(state.Buffer.AsMemory(0, 1), start.Offset - 1, cancellation) == 1
            && state.Buffer[0] != (byte)'\n')
        {
            state.Lines.SkipLine();
        }

        if (_source.TimeOf is not null && start.Piece < state.Pieces.Count)
            state.LastTime = await TimeAroundAsync(state, start, query.Tail is not null, cancellation);
        return start;
    }

    /// <summary>
    /// The time of the last line before a place that has one; else of the first one after it, which is as early as can be told. Null: the
    /// lines behind the place are the log's last ones, and none of them has a time. Then they were written when the file was.
    /// </summary>
    private async Task<DateTimeOffset?> TimeAroundAsync(ReadingState state, LogPlace place, bool isTail, CancellationToken cancellation)
    {
        LogPiece first = state.Pieces[place.Piece];
        string[] after = await LinesAsync(state, first, place.Offset, place.Offset + state.Buffer.Length, cancellation);
        DateTimeOffset? next = after.Select(line => state.Read(_source, line)).FirstOrDefault(time => time is not null);
        bool isWhole = place.Piece == state.Pieces.Count - 1 && first.Length - place.Offset <= state.Buffer.Length;
        if (isTail && isWhole && next is null)
            return null;
        for (int i = place.Piece; i >= Math.Max(place.Piece - 1, 0); i--)
        {
            LogPiece piece = state.Pieces[i];
            long end = i == place.Piece ? place.Offset : piece.IsCompressed ? 0 : piece.Length;
            string[] before = await LinesAsync(state, piece, Math.Max(end - state.Buffer.Length, 0), end, cancellation);
            if (before.Reverse().Select(line => state.Read(_source, line)).FirstOrDefault(time => time is not null) is { } last)
                return last;
        }

        return next;
    }

    private static async Task<string[]> LinesAsync(ReadingState state, LogPiece piece, long begin, long end, CancellationToken cancellation)
    {
        state.Written = piece.Written;
        int count = end <= begin ? 0 : await piece.ReadAsync(state.Buffer.AsMemory(0, (int)(end - begin)), begin, cancellation);
        return System.Text.Encoding.UTF8.GetString(state.Buffer, 0, count).Split('\n');
    }

    private static LogPlace FirstSince(List<LogPiece> pieces, DateTimeOffset since)
    {
        for (int i = 0; i < pieces.Count; i++)
        {
            long first = pieces[i].FirstSince(since);
            if (first < pieces[i].Length || i == pieces.Count - 1)
                return new LogPlace(i, first);
        }

        return default;
    }

    /// <summary>Reads the pieces to their ends; the last one stays open.</summary>
    private async IAsyncEnumerable<LogLine> ReadPiecesAsync(
        ReadingState state, LogPlace start, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (int i = 0; i < state.Pieces.Count; i++)
        {
            if (i < start.Piece)
                continue;
            state.Turn(state.Pieces[i], i == start.Piece ? start.Offset : 0);
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

        List<LogPiece> pieces = Open();
        int known = state.Current is { } read ? pieces.FindIndex(piece => piece.Continues(read)) : -1;
        if (state.Current is not null && known < 0 && pieces.Count > 0)
        {
            if (state.Lines.IsInLine)
                state.Lines.End();
            while (TryTake(state, out LogLine? begun))
                yield return begun;
            yield return Remark("Lines are missing here: they were rotated away before they could be read.");
        }

        state.Replace(pieces, known + 1);
        await foreach (LogLine line in ReadPiecesAsync(state, default, cancellation))
            yield return line;
    }

    private async IAsyncEnumerable<LogLine> ReadToEndAsync(ReadingState state, [EnumeratorCancellation] CancellationToken cancellation)
    {
        LogPiece piece = state.Current!;
        // Truncated by somebody: all of it is new.
        if (!piece.IsCompressed && piece.Length < state.Offset)
            state.Offset = 0;
        piece.OpenIndex();
        while (await piece.ReadAsync(state.Buffer, state.Offset, cancellation) is var count and > 0)
        {
            state.Written = piece.Written;
            long offset = state.Offset;
            state.Lines.Append(state.Buffer.AsSpan(0, count), index => piece.StampAt(offset + index));
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

    private List<LogPiece> Open()
    {
        try
        {
            return LogSeries.Open(_source.Path, _source.IsCaptured);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(
                error is UnauthorizedAccessException ? ErrorCode.AccessDenied : ErrorCode.System,
                _source.Path, $"The log {_source.Path} can't be read: {error.Message}", "Look at its permissions and those of its folder.", error);
        }
    }

    private LogLine Remark(string text) => new() { Service = _source.Service, Text = text, File = _source.Path, IsRemark = true };
}
