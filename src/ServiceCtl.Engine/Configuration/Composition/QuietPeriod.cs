namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>Turns a burst of signals into one call: when there was none for a while, and at the latest some time after the first.</summary>
internal sealed class QuietPeriod : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _quiet;
    private readonly TimeSpan _longest;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long? _first;

    /// <param name="time">The clock.</param>
    /// <param name="quiet">So long without a signal.</param>
    /// <param name="longest">So long after the first signal, though more are coming.</param>
    /// <param name="call">Called on a timer's thread; must not throw.</param>
    public QuietPeriod(TimeProvider time, TimeSpan quiet, TimeSpan longest, Action call)
    {
        _time = time;
        _quiet = quiet;
        _longest = longest;
        _timer = time.CreateTimer(
            _ =>
            {
                lock (_gate)
                    _first = null;
                call();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Signal()
    {
        lock (_gate)
        {
            _first ??= _time.GetTimestamp();
            var left = _longest - _time.GetElapsedTime(_first.Value);
            _timer.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left < _quiet ? left : _quiet, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();
}
