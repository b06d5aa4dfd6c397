using System.Diagnostics;
using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>One run over all logs of a plan.</summary>
internal sealed class RelogPass(RelogPlan plan, RelogMemory memory, ChunkReader reader, SortedOutput output, TimeProvider time)
{
    /// <summary>Bytes. Entries that could go on, and are longer together, are written as they are.</summary>
    private const int LongestPending = 64 * 1024;

    /// <summary>After this long without anything new, an event that looks complete is.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    /// <summary>The same for one that looks incomplete, and for a line without an end.</summary>
    private static readonly TimeSpan Finishing = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);

    private readonly DateTimeOffset _now = time.GetUtcNow();
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<OldFile> _old = [];
    private long _lines;
    private long _dropped;
    private long _total;
    private long _reported;

    /// <summary>Hears how far it is; null: nobody does.</summary>
    internal IProgress<OperationProgress>? Progress { get; init; }

    internal List<RelogProblem> Problems { get; } = [];

    internal int Files { get; private set; }

    /// <summary>Bytes of content that were read.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Whether something has begun that is complete when nothing more comes.</summary>
    internal bool IsPending { get; private set; }

    internal RelogFigures Figures => new()
    {
        Lines = _lines,
        Dropped = _dropped,
        Written = output.Lines,
        Exceptions = output.Exceptions,
        InternalErrors = output.InternalErrors,
        Incidents = output.Incidents,
        Uncertain = output.Uncertain,
    };

    internal void Sort(IReadOnlyList<SourceSeries> sources, CancellationToken cancellation)
    {
        if (Progress is not null)
            _total = sources.SelectMany(series => series.Files).Sum(path => FileFacts.TryOf(path)?.Length ?? 0);
        foreach (SourceSeries series in sources)
            Sort(series, cancellation);
    }

    /// <summary>Deletes the files that were too old. To be called when what was read of them is committed.</summary>
    internal IReadOnlyList<string> DeleteOld()
    {
        List<string> deleted = [];
        foreach (var old in _old)
        {
            try
            {
                if (UserFiles.Use(plan.User, Path.GetDirectoryName(old.Path)!, () => TryDelete(old)))
                    deleted.Add(old.Path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Problems.Add(new RelogProblem { File = old.Path, Message = $"It is too old, and can't be deleted: {error.Message}" });
            }
        }

        return deleted;
    }

    private static bool TryDelete(OldFile old)
    {
        if (FileFacts.TryOf(old.Path)?.Identity != old.Identity)
            return false;
        File.Delete(old.Path);
        return true;
    }

    private void Sort(SourceSeries series, CancellationToken cancellation)
    {
        SeriesState state = memory.SeriesOf(series.Path);
        EventAssembler assembler = new(output);
        output.Source = series.Path;
        foreach (PendingEntry entry in state.Pending)
            assembler.Restore(entry);
        assembler.LastTime = state.LastTime;

        DateTimeOffset written = DateTimeOffset.MinValue;
        bool isHeld = false;
        SourceRecord? last = null;
        bool isSeamless = state.Last is null;
        foreach (string path in series.Files)
        {
            try
            {
                using SourceFile? file = SourceFile.TryOpen(path, plan.ActorFor(path));
                if (file is null)
                    continue;
                Files++;
                output.Source = path;
                isSeamless = isSeamless || state.Last!.IsAt(file) || state.Last.IsContentOf(file);
                (isHeld, SourceRecord? record) = Sort(series, file, assembler, cancellation);
                last = record ?? last;
                written = file.Written;
            }
            catch (Exception error)
                when (error is IOException or UnauthorizedAccessException or InvalidDataException or ServiceCtlException)
            {
                Problems.Add(new RelogProblem { File = path, Message = $"It can't be read: {error.Message}" });
                isSeamless = true;
            }
        }

        if (!isSeamless)
        {
            Problems.Add(new RelogProblem
            {
                File = series.Path,
                Message =
                    "The file that was read last is gone: what was written to it afterwards, and to files that came and went since, was "
                        + "not sorted. Keep more rotated files.",
                IsWarning = true,
            });
        }

        memory.Remember(
            new SeriesState { Path = series.Path, Last = last, Pending = Settle(assembler, written), LastTime = assembler.LastTime });
        IsPending |= isHeld;
    }

    /// <returns>Whether the end of its last line has not come; and what is remembered of it, if it stays.</returns>
    private (bool IsHeld, SourceRecord? Record) Sort(
        SourceSeries series, SourceFile file, EventAssembler assembler, CancellationToken cancellation)
    {
        bool isCaptured = series.Path == plan.CapturedLog;
        SourceRecord? known = memory.Find(file, out bool wasReplaced);
        if (wasReplaced)
            Problems.Add(
                new RelogProblem
                {
                    File = file.Path,
                    Message = "It was truncated, or replaced by another one; it is read from its beginning.",
                    IsWarning = true
                });
        long from = known?.Offset ?? 0;
        bool isComplete = file.IsCompressed && known?.IsAt(file) == true;
        using CapturedTimes? times = isCaptured ? CapturedTimes.Open(series.Path, file) : null;
        LogSorter sorter = new(assembler, times is null ? null : times.At);
        long read = isComplete
            ? 0 : reader.Read(file, from, file.IsCompressed ? long.MaxValue : file.Size, chunk => Take(sorter, chunk, file), cancellation);

        // A line whose end has not come is read again when it has, unless nobody writes it any more.
        bool isHeld = sorter.Held > 0 && !plan.IsFinal && file.Path == series.Path && !HasRested(file.Written, Finishing);
        if (isHeld)
            read -= sorter.Held;
        else
            sorter.EndLine();
        _lines += sorter.Lines;
        _dropped += sorter.Dropped;
        SourceRecord? record = memory.Remember(file, from + read, _now);
        if (plan.DeleteAfter is { } age && !isHeld && !isCaptured && _now - file.Written > age && !plan.InUse.Contains(file.Path))
        {
            _old.Add(new OldFile(file.Path, file.Identity));
            record = null;
        }

        return (isHeld, record);
    }

    private void Take(LogSorter sorter, LogChunk chunk, SourceFile file)
    {
        sorter.Take(chunk);
        Bytes += chunk.Length;
        if (Progress is null || Stopwatch.GetElapsedTime(_reported) < ReportEvery)
            return;
        _reported = Stopwatch.GetTimestamp();
        double rate = Bytes / Stopwatch.GetElapsedTime(_began).TotalSeconds / 1e6;
        Progress.Report(new OperationProgress(
            plan.Service ?? "relog",
            string.Create(CultureInfo.InvariantCulture,
                $"{Path.GetFileName(file.Path)}: {Bytes / 1e6:0} of {_total / 1e6:0} MB, {rate:0} MB/s"),
            _total > 0 ? (int)Math.Min(Bytes * 100 / _total, 100) : null));
    }

    /// <summary>Keeps what could go on, or ends it.</summary>
    private IReadOnlyList<PendingEntry> Settle(EventAssembler assembler, DateTimeOffset written)
    {
        assembler.EndStale();
        LogEntry[] pending = [.. assembler.Pending];
        bool goesOn = !plan.IsFinal && pending.Sum(entry => entry.Length) <= LongestPending
            && pending.Any(entry => !HasRested(written, entry.Phase == EntryPhase.Open || entry.ExpectsTraceback ? Finishing : Settling));
        IsPending |= goesOn;
        if (goesOn)
            return [.. pending.Select(
                entry => new PendingEntry { Time = entry.Time, Request = entry.Request, Pid = entry.Pid, Lines = entry.Bytes.ToArray() })];
        assembler.End();
        return [];
    }

    /// <summary>A clock that was set back counts as time that has passed.</summary>
    private bool HasRested(DateTimeOffset written, TimeSpan limit) => (_now - written).Duration() > limit;

    private sealed record OldFile(string Path, FileIdentity Identity);
}
