using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Supervision.Canaries;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Measures what one generation does from now on: by what its server counts, and by what it prints or logs.</summary>
internal sealed class GenerationMeter : IDisposable
{
    /// <summary>Bytes of a server's own log that are looked at in one go; what comes faster is passed over.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private readonly Generation _generation;
    private readonly GenerationOutput _output;
    private readonly IReadOnlyList<ExceptionCount> _known;
    private readonly IDisposable _subscription;
    private readonly string? _log;
    private IReadOnlyDictionary<int, WorkerStatus> _before = new Dictionary<int, WorkerStatus>();
    private long _logAt;

    /// <param name="generation">Whose figures are wanted.</param>
    /// <param name="known">Exceptions that the service's logs have had before, of which it counts as none that is new.</param>
    public GenerationMeter(Generation generation, IReadOnlyList<ExceptionCount> known)
    {
        _generation = generation;
        _known = known;
        _output = new GenerationOutput(generation.Definition.Release);
        _log = generation.IsCanary ? null : generation.Definition.ServerLog;
        _logAt = FindLogEnd();
        generation.Main.Output.Drain();
        _subscription = generation.Main.Output.Subscribe(_output.Take);
    }

    private bool IsUwsgi => _generation.Definition.Runner == "uwsgi";

    /// <summary>Remembers what its server has counted so far.</summary>
    public async Task BeginAsync(CancellationToken cancellation) => _before = await ReadWorkersAsync(cancellation);

    public async Task<GenerationFigures> ReadAsync(CancellationToken cancellation)
    {
        _generation.Main.Output.Drain();
        TakeLog();
        var (lines, errors, exceptions) = _output.Read();
        var workers = await ReadWorkersAsync(cancellation);
        var counted = workers.Sum(worker => worker.Value.Requests - (_before.GetValueOrDefault(worker.Key)?.Requests ?? 0));
        var spent = workers.Sum(worker =>
            (worker.Value.RequestTime - (_before.GetValueOrDefault(worker.Key)?.RequestTime ?? TimeSpan.Zero)).TotalMilliseconds);
        return new GenerationFigures
        {
            Generation = _generation.Number,
            Requests = workers.Count > 0 ? Math.Max(counted, lines) : lines > 0 || LogsRequests() ? lines : null,
            ServerErrors = LogsErrors() || errors > 0 ? errors : null,
            Milliseconds = counted > 0 ? spent / counted : null,
            Exceptions = [.. exceptions, .. _known.Where(kind => exceptions.All(raised => raised.Kind != kind.Kind))],
        };
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>gunicorn's and uvicorn's canaries have an access log; what others do is seen when they do it.</summary>
    private bool LogsRequests() => _generation.IsCanary && _generation.Definition.Runner is "gunicorn" or "uvicorn";

    private bool LogsErrors()
    {
        if (!IsUwsgi)
            return LogsRequests();
        var section = _generation.Definition.Uwsgi;
        return _generation.IsCanary
            || (!section.Has("log-format", "logformat", "req-logger", "logger-req", "log-req-encoder", "log-encoder")
                && (!section.Has("disable-logging", "L") || section.Has("log-5xx")));
    }

    private async Task<IReadOnlyDictionary<int, WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        (await _generation.Main.Launch.ReadWorkersAsync(cancellation)).ToDictionary(worker => worker.Id);

    private long FindLogEnd()
    {
        try
        {
            using var file = _log is null ? null : UserFiles.OpenRead(_generation.Definition.Actor, _log);
            return file is null ? 0 : RandomAccess.GetLength(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private void TakeLog()
    {
        if (_log is null)
            return;
        try
        {
            using var file = UserFiles.OpenRead(_generation.Definition.Actor, _log);
            var length = RandomAccess.GetLength(file);
            // A file that got shorter was rotated or truncated: all of it is new.
            var from = Math.Max(_logAt > length ? 0 : _logAt, length - MostBytes);
            var bytes = new byte[length - from];
            _output.Take(bytes.AsSpan(0, RandomAccess.Read(file, bytes, from)));
            _logAt = length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is looked at again.
        }
    }
}
