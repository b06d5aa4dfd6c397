using System.Buffers;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Files;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// One service's output on its way from the pipe to the file. Bytes are moved by splice(2): none is in our memory, so none is lost when
/// the agent is killed. Files are rotated at line ends. Safe to use from several threads.
/// </summary>
public sealed class CapturedLog : IRotationObserver, IDisposable
{
    private const int BlockSize = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly LogCapture _capture;
    private readonly LogPipe _pipe;
    private readonly RotatingLog _written;
    private readonly LogSubscribers _subscribers;
    private readonly LogOutage _outage;
    private int _generation;
    private bool _disposed;

    internal CapturedLog(LogCapture capture, string service, LogPipe pipe, string path, LogSettings settings)
    {
        _capture = capture;
        _pipe = pipe;
        Service = service;
        FilePath = path;
        _written = new RotatingLog(path, settings, this);
        _subscribers = new LogSubscribers(error =>
            Report(LogProblemKind.SubscriberFailed, $"A subscriber of the log of {service} failed and was taken off: {error.Message}"));
        _outage = new LogOutage(this, capture.Time);
        try
        {
            _written.Open();
            _written.CloseAtLineEnd();
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            BeginOutage(error);
        }

        foreach (RotatedFile file in settings.Compress ? _written.Rotated : [])
            _capture.Compress(this, file);
    }

    public string Service { get; }

    /// <summary>The file that takes the output now; rotated ones are beside it.</summary>
    public string FilePath { get; }

    /// <summary>May be replaced at any time, and holds from the next output on.</summary>
    public LogSettings Settings
    {
        get
        {
            lock (_gate)
                return _written.Settings;
        }

        set
        {
            lock (_gate)
                _written.Settings = value;
        }
    }

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
                _written.MarkGeneration(_capture.Time.GetUtcNow(), generation);
                _written.CloseAtLineEnd();
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
            return _subscribers.Add(handler);
        }
    }

    /// <summary>
    /// Ends the capture. What is in the pipe by then is written; what comes later stays in the pipe for the next capture.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Drain();
            _disposed = true;
            _capture.Remove(this);
            _written.Dispose();
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
                    if (total == 0 && !_outage.IsOn)
                        _written.OpenUnlessCurrent();
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

    /// <inheritdoc cref="RotatingLog.OpenRotated"/>
    internal FileStream? OpenRotated(RotatedFile file)
    {
        lock (_gate)
            return _disposed ? null : _written.OpenRotated(file);
    }

    /// <inheritdoc cref="RotatingLog.ReplaceRotated"/>
    internal void ReplaceRotated(RotatedFile file, string compressed)
    {
        lock (_gate)
            _written.ReplaceRotated(file, compressed);
    }

    /// <inheritdoc/>
    void IRotationObserver.HasRotated(RotatedFile file)
    {
        if (Settings.Compress)
            _capture.Compress(this, file);
    }

    /// <inheritdoc/>
    void IRotationObserver.RotationFailed(ServiceCtlException error) =>
        Report(LogProblemKind.RotationFailed, $"The log of {Service} is not rotated, and grows: {error.Message}", error.Advice);

    internal void Report(LogProblemKind kind, string message, string? advice = null, long droppedBytes = 0, long droppedLines = 0) =>
        _capture.Report(new LogProblem
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
        count = Math.Min(count, _written.MakeRoom(now, _generation) ?? _capture.Peek.BytesToLineEnd(_pipe));
        if (count == 0)
            return 0;
        LogFile file = _written.File!;
        long from = file.Length;
        _written.BeginBlock(now, _generation);
        long moved = _pipe.MoveTo(file.Handle, file.Path, from, count);
        file.Grow(moved);
        _written.EndBlock(from, moved, now);
        if (!_subscribers.IsEmpty)
            PublishFrom(file, from, moved);
        return moved;
    }

    private void BeginOutage(Exception error)
    {
        // Files are closed at line ends, as far as there were any; one that is open has a part of what came.
        bool atLineStart = _written.File is null;
        _written.Close();
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
            _subscribers.Publish(buffer.AsSpan(0, count));
            _outage.Take(buffer.AsSpan(0, count));
            if (!_outage.IsOn)
                _written.Open();
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void PublishFrom(LogFile file, long offset, long count)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockSize);
        while (count > 0)
        {
            int read = file.Read(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)), offset);
            if (read == 0)
                break;
            _subscribers.Publish(buffer.AsSpan(0, read));
            offset += read;
            count -= read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
