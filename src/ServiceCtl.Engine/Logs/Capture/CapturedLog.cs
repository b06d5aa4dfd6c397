using System.Buffers;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// One service's output on its way from the pipe to the file. Bytes are moved by splice(2): none is in our memory, so none is lost when
/// the agent is killed. Files are rotated at line ends. Safe to use from several threads.
/// </summary>
public sealed class CapturedLog : IDisposable
{
    /// <summary>Bytes. Lines up to this length are never split between two files.</summary>
    public const int LongestKeptLine = 1024 * 1024;

    private const int BlockSize = 64 * 1024;

    private static readonly TimeSpan RetryRotation = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LogCapture _capture;
    private readonly LogPipe _pipe;
    private readonly RotatedFiles _rotated;
    private readonly LogOutage _outage;
    private LogBlockHandler[] _handlers = [];
    private LogFile? _file;
    private TimeIndex? _times;
    private int _generation;
    private long _rotateAt;
    private DateTimeOffset _begun;
    private DateTimeOffset _noRotationBefore;
    private bool _rotationFails;
    private bool _disposed;

    internal CapturedLog(LogCapture capture, string service, LogPipe pipe, string path, LogSettings settings)
    {
        _capture = capture;
        _pipe = pipe;
        Service = service;
        FilePath = path;
        Settings = settings;
        _rotated = RotatedFiles.Load(path);
        _outage = new LogOutage(this, capture.Time);
        try
        {
            OpenFile();
            Archive();
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            BeginOutage(error);
        }

        foreach (RotatedFile file in settings.Compress ? _rotated.Files : [])
            _capture.Compress(this, file);
    }

    public string Service { get; }

    /// <summary>The file that takes the output now; rotated ones are beside it.</summary>
    public string FilePath { get; }

    /// <summary>May be replaced at any time, and holds from the next output on.</summary>
    public LogSettings Settings
    {
        get;
        set
        {
            lock (_gate)
            {
                field = value;
                _rotateAt = value.MaxSize;
            }
        }
    }

    /// <summary>Bytes that could not be written since the capture began.</summary>
    public long DroppedBytes => _outage.TotalBytes;

    internal LogPipe Pipe => _pipe;

    internal long Key { get; init; }

    /// <summary>The handle for the service's standard output and error. The caller closes it after the spawn.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle OpenForService() => _pipe.OpenForService();

    /// <summary>From here on, lines are known to come from this generation, or from an older one that is being drained.</summary>
    public void BeginGeneration(int generation)
    {
        lock (_gate)
        {
            Drain();
            _generation = generation;
            if (_outage.IsOn)
                return;
            try
            {
                if (_file is null)
                    OpenFile();
                _times!.Write(_file!.Length, _capture.Time.GetUtcNow(), generation);
                Archive();
            }
            catch (Exception error) when (LogFile.IsFault(error))
            {
                BeginOutage(error);
            }
        }
    }

    /// <summary>
    /// Everything that was printed before this call is in the file, and with the subscribers, when it returns (or was dropped, when the
    /// file can't be written). To be called when a process has ended, before its last lines are read.
    /// </summary>
    public void Drain()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Not until the pipe is empty: others of the group may go on printing.
            long rest = _pipe.Waiting();
            while (rest > 0 && Transfer(rest) is var moved and > 0)
                rest -= moved;
        }
    }

    /// <summary>Gives everything that is captured from now on to a handler, until the result is disposed of.</summary>
    public IDisposable Subscribe(LogBlockHandler handler)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _handlers = [.. _handlers, handler];
        }

        return new Subscription(this, handler);
    }

    /// <summary>Ends the capture. What is in the pipe by then is written; what comes later stays in the pipe for the next capture.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Drain();
            _disposed = true;
            _capture.Remove(this);
            CloseFile();
            _pipe.Dispose();
        }
    }

    /// <summary>Moves what is in the pipe, at most about <paramref name="budget"/> bytes.</summary>
    /// <returns>How much there was.</returns>
    internal long Transfer(long budget)
    {
        lock (_gate)
        {
            long total = 0;
            while (!_disposed && total < budget)
            {
                long moved;
                try
                {
                    if (total == 0 && !_outage.IsOn && _file?.Refresh() != true)
                        OpenFile();
                    moved = _outage.IsOn ? Discard() : Move(budget - total);
                }
                catch (Exception error) when (!_outage.IsOn && LogFile.IsFault(error))
                {
                    BeginOutage(error);
                    continue;
                }

                total += moved;
                if (moved < LogCapture.LittleOutput)
                    break;
            }

            return total;
        }
    }

    /// <summary>Opens the plain file to be compressed, if it is still there.</summary>
    /// <returns>Null when it was deleted in the meantime.</returns>
    internal FileStream? OpenRotated(RotatedFile file)
    {
        lock (_gate)
        {
            return file.Deleted || file.Compressed || _disposed
                ? null
                : new FileStream(_rotated.PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    /// <summary>Puts the compressed file in the place of the plain one, unless rotation has deleted that in the meantime.</summary>
    internal void ReplaceRotated(RotatedFile file, string compressed)
    {
        lock (_gate)
        {
            if (!file.Deleted)
                _rotated.Replace(file, compressed);
        }
    }

    internal void Report(LogProblemKind kind, string message, string? advice = null, long droppedBytes = 0, long droppedLines = 0) => _capture.Report(new LogProblem
    {
        Service = Service,
        Kind = kind,
        File = FilePath,
        Message = message,
        Advice = advice,
        DroppedBytes = droppedBytes,
        DroppedLines = droppedLines,
        At = _capture.Time.GetUtcNow(),
    });

    private long Move(long count)
    {
        DateTimeOffset now = _capture.Time.GetUtcNow();
        if (IsDue(now))
        {
            if (_file!.EndsAtLineEnd() || _file.Length - _rotateAt >= LongestKeptLine)
            {
                Rotate(now);
            }
            else
            {
                // One that is due by its age keeps its last line whole as well, and no more than that.
                _rotateAt = Math.Min(_rotateAt, _file.Length);
                count = Math.Min(count, _capture.Peek.BytesToLineEnd(_pipe));
                return count == 0 ? 0 : Take(count, now);
            }
        }

        return Take(Math.Min(count, _rotateAt - _file!.Length), now);
    }

    private bool IsDue(DateTimeOffset now) =>
        _file!.Length >= _rotateAt || (Settings.MaxAge is { } age && _file.Length > 0 && now - _begun >= age && now >= _noRotationBefore);

    private long Take(long count, DateTimeOffset now)
    {
        long from = _file!.Length;
        _times!.Mark(from, now, _generation);
        long moved = _pipe.MoveTo(_file, count);
        // A file that lay empty does not age.
        if (from == 0 && moved > 0)
            _begun = now;
        if (_handlers.Length > 0)
            PublishFrom(from, moved);
        return moved;
    }

    private void Rotate(DateTimeOffset now)
    {
        RotatedFile? rotated;
        try
        {
            rotated = _rotated.Add(Settings.Keep, now);
        }
        catch (ServiceCtlException error)
        {
            // Nothing is lost as long as the file that is open can grow.
            _rotateAt = _file!.Length + Settings.MaxSize;
            _noRotationBefore = now + RetryRotation;
            if (!_rotationFails)
                Report(LogProblemKind.RotationFailed, $"The log of {Service} is not rotated, and grows: {error.Message}", error.Advice);
            _rotationFails = true;
            return;
        }

        _rotationFails = false;
        bool hurried = now - _begun < TimeIndex.Resolution;
        OpenFile();
        // The time when the file was made says as much; a mark for each of a thousand files per second would be the dearest part of it.
        if (!hurried)
            _times!.Write(0, now, _generation);
        if (rotated is not null && Settings.Compress)
            _capture.Compress(this, rotated);
    }

    private void OpenFile()
    {
        CloseFile();
        _file = LogFile.Open(FilePath);
        _times = new TimeIndex(TimeIndex.PathOf(FilePath, 0), _file.Length == 0 ? _file.Begun : DateTimeOffset.MinValue);
        _rotateAt = Settings.MaxSize;
        _begun = _file.Begun;
    }

    /// <summary>
    /// Closes the files until something is printed: hundreds of services may never print, and at each spawn the kernel copies and closes
    /// every descriptor of ours. Files that end within a line stay open, as a sign of that.
    /// </summary>
    private void Archive()
    {
        if (_file!.EndsAtLineEnd())
            CloseFile();
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
        _times?.Dispose();
        _times = null;
    }

    private void BeginOutage(Exception error)
    {
        // Files are closed at line ends, as far as there were any; one that is open has a part of what came.
        bool atLineStart = _file is null;
        CloseFile();
        _outage.Begin(error, atLineStart);
    }

    private long Discard()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int count = _pipe.Read(buffer);
            if (count == 0)
                return 0;
            Publish(buffer.AsSpan(0, count));
            _outage.Take(buffer.AsSpan(0, count));
            if (!_outage.IsOn)
                OpenFile();
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void PublishFrom(long offset, long count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        while (count > 0)
        {
            int read = _file!.Read(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)), offset);
            if (read == 0)
                break;
            Publish(buffer.AsSpan(0, read));
            offset += read;
            count -= read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Publish(ReadOnlySpan<byte> block)
    {
        foreach (LogBlockHandler handler in _handlers)
        {
            try
            {
                handler(block);
            }
#pragma warning disable CA1031 // Whatever a subscriber throws: the output of all services depends on this thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Unsubscribe(handler);
                Report(LogProblemKind.SubscriberFailed, $"A subscriber of the log of {Service} failed and was taken off: {error.Message}");
            }
        }
    }

    private void Unsubscribe(LogBlockHandler handler)
    {
        lock (_gate)
            _handlers = [.. _handlers.Where(other => other != handler)];
    }

    private sealed class Subscription(CapturedLog log, LogBlockHandler handler) : IDisposable
    {
        public void Dispose() => log.Unsubscribe(handler);
    }
}
