using System.Net.Sockets;
using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Logs.Capture;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Engine.Logs.Syslog;

/// <summary>
/// Gives a service's output to syslog, a datagram for each line, in the form that logger(1) uses on the local socket (RFC 3164 without
/// the host). The capture never waits for it: lines queue up, and those that find the queue full are dropped and counted.
/// </summary>
internal sealed class SyslogSink : IAsyncDisposable
{
    /// <summary>Lines. A burst of them outruns any syslog: its socket takes a dozen (net.unix.max_dgram_qlen).</summary>
    internal const int QueueLength = 10_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly string _service;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly LineAssembler _lines = new();
    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sending;
    private readonly SyslogSocket _socket;
    private long? _triedAt;
    private long _dropped;
    private int _isTold;

    /// <param name="service">Its name; the tag of its lines.</param>
    /// <param name="socket">Absolute path of syslog's socket.</param>
    /// <param name="time">For the lines' times and the pauses between attempts.</param>
    /// <param name="report">Takes a sentence when syslog stops taking lines, and when it takes them again.</param>
    internal SyslogSink(string service, string socket, TimeProvider time, Action<string> report)
    {
        _service = service;
        _time = time;
        _report = report;
        _socket = new SyslogSocket(socket);
        _sending = Task.Run(SendAllAsync);
    }

    internal string SocketPath => _socket.Path;

    /// <summary>Takes the secrets out of the lines.</summary>
    internal SecretMask? Mask { get; set; }

    /// <summary>A <see cref="LogBlockHandler"/>.</summary>
    internal void Take(ReadOnlySpan<byte> block)
    {
        _lines.Append(block, _ => default);
        while (_lines.TryTake(out var line, out _))
        {
            if (line.Length > 0 && !_queue.Writer.TryWrite(MessageOf(line)))
                Drop($"Syslog ({SocketPath}) does not keep up with {_service}");
        }
    }

    /// <summary>Gives syslog a moment for what is in the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _end.CancelAfter(LastWords);
        await _sending;
        _end.Dispose();
    }

    private byte[] MessageOf(string line) =>
        SyslogMessage.Of(SyslogFormat.Rfc3164, SyslogMessage.Info, _service, pid: null, _time.GetLocalNow(), Mask?.MaskText(line) ?? line);

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync(_end.Token))
                await SendAsync(message);
        }
        catch (OperationCanceledException)
        {
            // The moment of DisposeAsync is over.
        }
        finally
        {
            _socket.Dispose();
        }
    }

    private async Task SendAsync(byte[] message)
    {
        // Too early to try again.
        if (_triedAt is { } tried && _time.GetElapsedTime(tried) < RetryAfter)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        try
        {
            await _socket.SendAsync(message, _end.Token);
            ReportRecovery();
        }
        catch (SocketException error)
        {
            _triedAt = _time.GetTimestamp();
            Drop($"Syslog does not take the lines of {_service}: {SocketPath}: {error.Message}");
        }
    }

    private void Drop(string reason)
    {
        Interlocked.Increment(ref _dropped);
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
            _report($"{reason}. Lines are dropped and counted until it does; the log file has all of them.");
    }

    private void ReportRecovery()
    {
        _triedAt = null;
        // Not before the queue has room again, or one stall would be told once per line.
        if (Volatile.Read(ref _isTold) == 1 && _queue.Reader.Count < QueueLength / 2 && Interlocked.Exchange(ref _isTold, 0) == 1)
            _report($"Syslog takes the lines of {_service} again; {Interlocked.Exchange(ref _dropped, 0)} were dropped.");
    }
}
