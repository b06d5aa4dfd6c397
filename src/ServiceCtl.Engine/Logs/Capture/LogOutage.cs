using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Files;

namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// The time while a log can't be written, because the disk is full or read-only: output is dropped and counted, so that the service
/// never waits for its log. It reports when this begins and when it is over. Writing resumes at the beginning of a line.
/// </summary>
internal sealed class LogOutage(CapturedLog log, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private long _bytes;
    private long _lines;
    private bool _atLineStart;
    private DateTimeOffset _since;
    private long _triedAt;

    internal bool IsOn { get; private set; }

    /// <param name="error">Why the file can't be written.</param>
    /// <param name="atLineStart">Whether the next byte of the service is known to begin a line.</param>
    internal void Begin(Exception error, bool atLineStart)
    {
        IsOn = true;
        _bytes = _lines = 0;
        _atLineStart = atLineStart;
        _since = time.GetUtcNow();
        _triedAt = time.GetTimestamp();
        log.Report(
            LogProblemKind.WriteFailed,
            $"The output of {log.Service} is being dropped, the service goes on: {error.Message}",
            (error as ServiceCtlException)?.Advice);
    }

    /// <summary>Takes output that has left the pipe: it is dropped, or ends the outage by being written.</summary>
    internal void Take(ReadOnlySpan<byte> block)
    {
        int lineEnd = block.IndexOf((byte)'\n') + 1;
        int start = _atLineStart ? 0 : lineEnd;
        bool hasStart = _atLineStart || lineEnd > 0;
        _atLineStart = block[^1] == (byte)'\n';
        if (!hasStart || time.GetElapsedTime(_triedAt) < RetryAfter)
        {
            Drop(block);
            return;
        }

        Drop(block[..start]);
        _triedAt = time.GetTimestamp();
        int written = TryWrite(block[start..]);
        Drop(block[(start + written)..]);
        if (written == block.Length - start)
            End();
    }

    /// <returns>How many bytes are in the file now.</returns>
    private int TryWrite(ReadOnlySpan<byte> block)
    {
        LogFile? file = null;
        long begin = long.MaxValue;
        try
        {
            file = LogFile.Open(log.FilePath);
            if (!file.EndsAtLineEnd())
                file.Write("\n"u8);
            begin = file.Length;
            file.Write(block);
            return block.Length;
        }
        catch (Exception error) when (LogFile.IsFault(error))
        {
            // Told when it began.
            return (int)Math.Max((file?.Length ?? 0) - begin, 0);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private void End()
    {
        IsOn = false;
        log.Report(
            LogProblemKind.WriteRecovered,
            $"The log of {log.Service} is written again; {_bytes} bytes with {_lines} line ends were dropped since "
                + $"{_since:yyyy-MM-dd HH:mm:ss}Z.",
            droppedBytes: _bytes,
            droppedLines: _lines);
    }

    private void Drop(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        _lines += bytes.Count((byte)'\n');
    }
}
