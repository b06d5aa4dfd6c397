using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Logs.Relog;

/// <summary>
/// Sorts the exceptions and errors out of some logs, as often as it is asked, and each line once. Its owner sees to it that nobody else
/// works on the same results, and calls one method at a time.
/// </summary>
public sealed class RelogSession
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    private readonly RelogPlan _plan;
    private readonly TimeProvider _time;
    private readonly ChunkReader _reader;
    private RelogMemory? _memory;
    private RelogProblem? _damage;
    private long? _saved;

    public RelogSession(RelogPlan plan, TimeProvider time)
        : this(plan, time, new ChunkReader())
    {
    }

    internal RelogSession(RelogPlan plan, TimeProvider time, ChunkReader reader)
    {
        _plan = plan;
        _time = time;
        _reader = reader;
    }

    /// <summary>
    /// Whether something has begun that is complete when nothing more comes within a moment: it is worth another look then.
    /// </summary>
    public bool IsPending { get; private set; }

    /// <summary>What the results hold, as far as this session has looked.</summary>
    internal IEnumerable<ExceptionGroup> Groups => _memory?.Groups.All ?? [];

    /// <summary>What is in the logs now is passed over, but for the end of the file that is being written.</summary>
    /// <param name="lookBack">Bytes of that file.</param>
    internal void SkipToEnd(long lookBack)
    {
        _memory = new RelogMemory();
        foreach (SourceSeries series in SourceSeries.Of(_plan))
        {
            foreach (string path in series.Files)
            {
                using SourceFile? file = SourceFile.TryOpen(path, _plan.ActorFor(path));
                if (file is not null)
                    _memory.Remember(file, path == series.Path ? Math.Max(file.Size - lookBack, 0) : file.Size, _time.GetUtcNow());
            }
        }
    }

    /// <summary>What earlier sessions have found.</summary>
    internal IEnumerable<ExceptionGroup> Load() => Memory().Groups.All;

    /// <summary>Sorts what is new, and tells what was sorted since the last report.</summary>
    /// <param name="emptyFirst">Whether the results are to be emptied before.</param>
    /// <param name="mask">Takes secrets out of what is reported.</param>
    /// <param name="progress">Receives bytes and rate, ten times a second.</param>
    /// <param name="cancellation">Stops. What was not committed comes again.</param>
    /// <exception cref="ServiceCtlException">The results, or the folder of the logs, can't be used.</exception>
    public RelogReport Run(
        bool emptyFirst, Func<string, string> mask, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        long began = Stopwatch.GetTimestamp();
        RelogReport? report = null;
        RelogPass pass = Pass(emptyFirst, progress, isDurable: true, memory => report = Report(memory, mask), cancellation);
        return report! with
        {
            FilesProcessed = pass.Files,
            FilesDeleted = pass.DeleteOld(),
            Problems = pass.Problems,
            BytesRead = pass.Bytes,
            Duration = Stopwatch.GetElapsedTime(began),
        };
    }

    /// <summary>Sorts what is new; somebody else will ask for the report.</summary>
    /// <exception cref="ServiceCtlException">The results, or the folder of the logs, can't be used.</exception>
    public IReadOnlyList<RelogProblem> Update(CancellationToken cancellation) =>
        Pass(emptyFirst: false, null, isDurable: false, null, cancellation).Problems;

    private RelogPass Pass(bool emptyFirst, IProgress<OperationProgress>? progress, bool isDurable, Action<RelogMemory>? finish,
        CancellationToken cancellation)
    {
        try
        {
            RelogMemory memory = Memory();
            using ResultFiles results = _plan.Results is { } wanted
                ? UserFiles.Use(_plan.User, wanted, () => ResultFiles.Open(wanted, _plan.LongestResult)) : ResultFiles.None();
            Align(results, memory, emptyFirst);
            SortedOutput output = new(results.Exceptions, results.InternalErrors, memory.Groups);
            RelogPass pass = new(_plan, memory, _reader, output, _time) { Progress = progress };
            if (_damage is not null)
                pass.Problems.Add(_damage);
            _damage = null;
            pass.Sort(SourceSeries.Of(_plan), cancellation);
            output.Flush();
            memory.Unreported += pass.Figures;
            finish?.Invoke(memory);
            IsPending = pass.IsPending;
            Commit(results, memory, isDurable, isDurable || output.Lines > 0);
            return pass;
        }
        catch (Exception error)
        {
            // What is in memory is ahead of what was committed.
            _memory = null;
            if (error is not (IOException or UnauthorizedAccessException))
                throw;
            throw new ServiceCtlException(
                error is UnauthorizedAccessException ? ErrorCode.AccessDenied : ErrorCode.System, _plan.Service ?? _plan.Results,
                $"The logs can't be sorted: {error.Message}",
                $"Look at the permissions of the logs' folder and of {_plan.Results}, and at the space on the disk.", error);
        }
    }

    private RelogMemory Memory()
    {
        if (_memory is null)
        {
            _memory = new RelogMemory();
            _damage = _plan.Results is { } folder ? UserFiles.Use(_plan.User, folder, () => _memory.Load(folder, _time.GetUtcNow())) : null;
        }

        return _memory;
    }

    /// <summary>
    /// Makes the results what was committed, or nothing; what is remembered of exceptions that nobody finds there any more is forgotten.
    /// </summary>
    private static void Align(ResultFiles results, RelogMemory memory, bool emptyFirst)
    {
        if (emptyFirst)
            results.Empty();
        else if (memory.Lengths is { } lengths)
            results.TakeBack(lengths.Exceptions, lengths.InternalErrors);
        results.SeekEnd();
        if (emptyFirst || results.Exceptions.Length < memory.Lengths?.Exceptions)
            memory.Groups.Clear();
    }

    private void Commit(ResultFiles results, RelogMemory memory, bool isDurable, bool hasNews)
    {
        bool isRecent = _saved is { } at && _time.GetElapsedTime(at) < SaveEvery;
        memory.Lengths = (results.Exceptions.Length, results.InternalErrors.Length);
        if (_plan.Results is not { } folder || (isRecent && !hasNews))
            return;
        // The results have to be on disk before the state that tells of them; it can be made while the disk is at work.
        byte[] state = [];
        Parallel.Invoke(() => results.Flush(isDurable), () => state = memory.ToBytes());
        UserFiles.Use(_plan.User, folder, () => AtomicFile.Write(Path.Combine(folder, RelogMemory.FileName), state, isDurable));
        _saved = _time.GetTimestamp();
    }

    private RelogReport Report(RelogMemory memory, Func<string, string> mask)
    {
        RelogFigures figures = memory.Unreported;
        RelogReport report = new()
        {
            Service = _plan.Service,
            Folder = _plan.Results,
            LinesProcessed = figures.Lines,
            LinesIgnored = figures.Dropped,
            LinesWritten = figures.Written,
            Exceptions = figures.Exceptions,
            InternalErrors = figures.InternalErrors,
            Incidents = figures.Incidents,
            Uncertain = figures.Uncertain,
            FilesProcessed = 0,
            BytesRead = 0,
            Duration = TimeSpan.Zero,
            Groups =
            [
                .. memory.Groups.All.OrderByDescending(group => group.Total).ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => group.ToContract(_plan.Service, mask)),
            ],
        };
        memory.Unreported = new RelogFigures();
        foreach (ExceptionGroup group in memory.Groups.All)
            group.New = 0;
        return report;
    }
}
