using System.Globalization;
using System.Runtime.InteropServices;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Daemons;

/// <summary>
/// A very simple daemon: a program that works in a loop, can be interrupted by SIGINT and SIGTERM, and keeps a log. What Simple Daemon is
/// for Python.
/// <code>
/// using var daemon = SimpleDaemon.Start("MyDaemon");
/// while (!daemon.Interrupted)
/// {
///     DoSomeWork();
///     daemon.Wait("60s");
/// }
/// </code>
/// Under systemd it says READY, STOPPING and STATUS (<c>Type=notify</c>), and WATCHDOG (<c>WatchdogSec=</c>) whenever it waits, writes a
/// line or looks at
/// <see cref="Interrupted"/>: a loop that hangs is silent, and is ended. Safe to use from several threads.
/// </summary>
public sealed class SimpleDaemon : IDisposable
{
    private static readonly (PosixSignal Signal, int Number)[] Handled = [(PosixSignal.SIGINT, Signals.Interrupt),
        (PosixSignal.SIGTERM, Signals.Terminate)];

    private readonly CancellationTokenSource _interruption = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly SimpleDaemonOptions _options;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private readonly Action _endProcess;
    private readonly ServiceNotifier? _notifier;
    private readonly DaemonLog _log;
    private string _status = "";
    private ITimer? _limit;
    private long _lastSign;
    private int _disposed;

    internal SimpleDaemon(string name, SimpleDaemonOptions options, TimeProvider time, DaemonProcess process)
    {
        Name = name;
        _options = options;
        _time = time;
        _output = process.Output;
        _endProcess = process.End;
        _notifier = process.Notifier;
        _log = new DaemonLog(name, options, time, process.Output, process.Errors);
    }

    public string Name { get; }

    public DaemonInterruptMode InterruptMode => _options.InterruptMode;

    /// <summary>Has SIGINT or SIGTERM come? The work should end as soon as it can.</summary>
    public bool Interrupted
    {
        get
        {
            KeepAlive();
            return _interruption.IsCancellationRequested;
        }
    }

    /// <summary>Is cancelled by the same, for whatever takes a token.</summary>
    public CancellationToken Interruption => _interruption.Token;

    /// <summary>What it is doing, for 'systemctl status'.</summary>
    public string Status
    {
        get => _status;
        set
        {
            _status = value;
            _notifier?.Status(value);
        }
    }

    /// <summary>Opens the log and takes the signals. From here on systemd knows it as started.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AccessDenied"/>, <see cref="ErrorCode.System"/>: the log can't be
    /// written; <see cref="ErrorCode.InvalidArgument"/>: the format is not understood.</exception>
    public static SimpleDaemon Start(string name, SimpleDaemonOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var daemon = new SimpleDaemon(name, options ?? new SimpleDaemonOptions(), TimeProvider.System, DaemonProcess.Own());
        daemon.Begin();
        return daemon;
    }

    /// <summary>A sign of life for the watchdog, for work that takes longer than it allows.</summary>
    public void KeepAlive()
    {
        if (_notifier is not { Watchdog: { } watchdog } notifier)
            return;

        // Twice as often as systemd advises: a sign costs nothing, and a loop's turns are not even.
        var last = Interlocked.Read(ref _lastSign);
        if (last != 0 && _time.GetElapsedTime(last) < watchdog / 4)
            return;
        Interlocked.Exchange(ref _lastSign, _time.GetTimestamp());
        notifier.KeepAlive();
    }

    /// <summary>Waits, unless it is interrupted: then it returns at once or, in the aggressive mode, throws.</summary>
    /// <exception cref="SimpleDaemonExitException">Interrupted, in the aggressive mode.</exception>
    public void Wait(TimeSpan time)
    {
        var begin = _time.GetTimestamp();
        while (NextPart(time, begin) is { } part)
            _interruption.Token.WaitHandle.WaitOne(part);
        ThrowIfExit();
    }

    /// <inheritdoc cref="Wait(TimeSpan)"/>
    /// <param name="seconds">0 or more.</param>
    public void Wait(double seconds) => Wait(TimeSpan.FromSeconds(seconds));

    /// <inheritdoc cref="Wait(TimeSpan)"/>
    /// <param name="time"><c>60s</c>, <c>500ms</c>, <c>1m30s</c>, <c>1:30</c>; a bare number counts seconds.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: it is no duration.</exception>
    public void Wait(string time)
    {
        if (!DurationText.TryParse(time, out var duration))
            throw new ServiceCtlException(ErrorCode.InvalidArgument, time, $"'{time}' is no duration.",
                "Write 60s, 500ms, 1m30s or 1:30; 24 days at most.");
        Wait(duration);
    }

    /// <inheritdoc cref="Wait(TimeSpan)"/>
    public async Task WaitAsync(TimeSpan time)
    {
        var begin = _time.GetTimestamp();
        while (NextPart(time, begin) is { } part)
            await Task.Delay(part, _time, _interruption.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowIfExit();
    }

    public void Debug(string message) => Log(DaemonLogLevel.Debug, message);

    public void Info(string message) => Log(DaemonLogLevel.Info, message);

    public void Warning(string message) => Log(DaemonLogLevel.Warning, message);

    public void Error(string message) => Log(DaemonLogLevel.Error, message);

    public void Critical(string message) => Log(DaemonLogLevel.Critical, message);

    public void Log(DaemonLogLevel level, string message)
    {
        _log.Write(level, message);
        KeepAlive();
    }

    /// <summary>Gives the signals back and closes the log.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _limit?.Dispose();
        foreach (var registration in _registrations)
            registration.Dispose();
        _notifier?.Stopping();
        _notifier?.Dispose();
        _log.Dispose();
        // Not the token's source: somebody may still hold the token, and there is no timer in it.
    }

    internal void Begin()
    {
        _log.Write(DaemonLogLevel.Info, string.Create(CultureInfo.InvariantCulture, $"PID: {Environment.ProcessId}"));
        foreach (var (signal, number) in Handled)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => Receive(context, number)));
            _log.Write(DaemonLogLevel.Debug, string.Create(CultureInfo.InvariantCulture, $"Set signal handler: {number}"));
        }

        _log.Write(DaemonLogLevel.Info, $"Mode: {InterruptMode.ToString().ToUpperInvariant()}");
        _notifier?.Ready();
        KeepAlive();
    }

    internal void Receive(int signal)
    {
        _notifier?.Stopping();
        var received = string.Create(CultureInfo.InvariantCulture, $"Received {signal} signal.");
        if (InterruptMode == DaemonInterruptMode.Passive)
        {
            // Both lines before the daemon hears of it: it may end at once, and the log with it.
            _log.Write(DaemonLogLevel.Info, "interrupted == True");
            _log.Write(DaemonLogLevel.Info, received);
        }
        else
        {
            _log.Write(DaemonLogLevel.Info, received);
            _log.Write(DaemonLogLevel.Info, "Graceful Interrupt...");
            _output.WriteLine(SimpleDaemonExitException.Words);
            _limit ??= _time.CreateTimer(_ => EndProcess(), null, _options.AggressiveLimit, Timeout.InfiniteTimeSpan);
        }

        _interruption.Cancel();
    }

    /// <summary>A wait in parts that the watchdog and a timer allow; null when it is over.</summary>
    private TimeSpan? NextPart(TimeSpan whole, long begin)
    {
        var left = whole - _time.GetElapsedTime(begin);
        if (Interrupted || left <= TimeSpan.Zero)
            return null;
        var longest = _notifier?.Watchdog / 4 ?? DurationText.Longest;
        return left < longest ? left : longest;
    }

    private void Receive(PosixSignalContext context, int signal)
    {
        context.Cancel = true;
        if (_disposed == 0)
            Receive(signal);
        // Handlers run one after the other, the latest registered first, on a thread of the signal's own: the earlier ones wait behind this
        // one until the process ends. It is a background thread, and signals are few.
        // https://github.com/dotnet/runtime/blob/main/src/libraries/System.Private.CoreLib/src/System/Runtime/InteropServices/PosixSignalRegistration.Unix.cs
        if (_options.OwnsSignals)
            Thread.Sleep(Timeout.Infinite);
    }

    private void EndProcess()
    {
        _log.Write(DaemonLogLevel.Warning, string.Create(
            CultureInfo.InvariantCulture,
            $"The work has gone on for {_options.AggressiveLimit.TotalSeconds:0.#} s after it was interrupted; the process ends."));
        _endProcess();
    }

    private void ThrowIfExit()
    {
        if (_interruption.IsCancellationRequested && InterruptMode == DaemonInterruptMode.Aggressive)
            throw new SimpleDaemonExitException();
    }
}
