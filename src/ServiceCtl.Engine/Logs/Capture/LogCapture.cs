using System.Collections.Concurrent;
using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Rotation;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Logs.Capture;

/// <summary>
/// Takes the output of thousands of services out of their pipes and into their files, with one thread that sleeps in epoll while
/// nobody prints. Another one, of low priority, compresses rotated files.
/// </summary>
public sealed class LogCapture : IDisposable
{
    // As much as a pipe holds: one that never ends its output can't keep the others waiting.
    private const long Turn = LogPipe.Capacity;

    internal const long LittleOutput = 4096;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);

    private readonly EpollSet _pipes = new();
    private readonly ConcurrentDictionary<long, CapturedLog> _logs = new();
    private readonly Action<LogProblem> _report;
    private readonly LogCompressor _compressor = new();
    private readonly Thread _thread;
    private long _lastKey = EpollSet.WakeKey;
    private int _disposed;

    /// <param name="time">For the times of lines and the age of files.</param>
    /// <param name="report">Is called on the threads of the capture, and must not block.</param>
    public LogCapture(TimeProvider time, Action<LogProblem> report)
    {
        Time = time;
        _report = report;
        _thread = new Thread(Run) { IsBackground = true, Name = "log capture" };
        _thread.Start();
    }

    internal TimeProvider Time { get; }

    internal PipePeek Peek { get; } = new();

    /// <summary>Begins to capture a service's output, with what is already in its pipe.</summary>
    /// <param name="service">Its name, for problems.</param>
    /// <param name="pipePath">The named pipe; made if it is not there. Its folder must exist.</param>
    /// <param name="logPath">The log; what is in it is kept. When it can't be written, that is reported as a problem and the service is not
    /// hindered.</param>
    /// <param name="settings">When to rotate, and what to keep.</param>
    /// <exception cref="ServiceCtlException">The pipe can't be made or opened.</exception>
    public CapturedLog Attach(string service, string pipePath, string logPath, LogSettings settings)
    {
        LogPipe pipe = LogPipe.Open(pipePath);
        long key = Interlocked.Increment(ref _lastKey);
        CapturedLog log = new(this, service, pipe, logPath, settings) { Key = key };
        _logs[key] = log;
        try
        {
            _pipes.Add(pipe.Reader, key);
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Ends all captures. The services go on, into their pipes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _pipes.Wake();
        _thread.Join();
        foreach (CapturedLog log in _logs.Values)
            log.Dispose();
        _compressor.Dispose();
        _pipes.Dispose();
        Peek.Dispose();
    }

    internal void Remove(CapturedLog log)
    {
        if (_logs.TryRemove(log.Key, out _))
            _pipes.TryRemove(log.Pipe.Reader);
    }

    internal void Compress(CapturedLog log, RotatedFile file) => _compressor.Add(log, file);

    internal void Report(LogProblem problem) => _report(problem);

    private void Run()
    {
        List<long> ready = [];
        while (true)
        {
            long began = Stopwatch.GetTimestamp();
            _pipes.Wait(ready);
            bool atOnce = Stopwatch.GetElapsedTime(began) < Gathering;
            long moved = 0;
            foreach (long key in ready)
            {
                if (key == EpollSet.WakeKey)
                    return;
                if (_logs.TryGetValue(key, out CapturedLog? log))
                    moved += log.Transfer(Turn);
            }

            ready.Clear();
            // Services that print line by line, one write each, would wake this thread for every line, and pay for the waking: lines gather
            // for a moment instead. What comes after a silence is never held up.
            if (atOnce && moved < LittleOutput)
                Thread.Sleep(Gathering);
        }
    }
}
