using System.Diagnostics;
using System.Management.Automation;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Pipeline;

/// <summary>Shows how far work on several services is, from its first second on: what is quicker needs no bar.</summary>
internal sealed class WorkProgress : IProgress<OperationProgress>, IAsyncDisposable
{
    /// <summary>Not the 0 that scripts give their own bars: ours would take their place.</summary>
    private const int ActivityId = 26318;

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly EngineCall _call;
    private readonly string _activity;
    private readonly Func<int> _total;
    private readonly TimeSpan? _limit;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Timer _timer;
    private OperationProgress? _last;
    private int _done;

    /// <param name="call">Where to write it.</param>
    /// <param name="activity">What is being done: "Starting services".</param>
    /// <param name="total">Number of services.</param>
    /// <param name="limit">When the work will be given up; null where each service has a limit of its own.</param>
    public WorkProgress(EngineCall call, string activity, int total, TimeSpan? limit = null)
        : this(call, activity, () => total, limit)
    {
    }

    /// <param name="call">Where to write it.</param>
    /// <param name="activity">What is being done.</param>
    /// <param name="total">Number of things to do, as far as it is known by now.</param>
    /// <param name="limit">When the work will be given up.</param>
    public WorkProgress(EngineCall call, string activity, Func<int> total, TimeSpan? limit = null)
    {
        _call = call;
        _activity = activity;
        _total = total;
        _limit = limit;
        _timer = new Timer(_ => Show(), null, Delay, Delay);
    }

    public void Report(OperationProgress value)
    {
        lock (_gate)
            _last = value;
        if (Stopwatch.GetElapsedTime(_began) >= Delay)
            Show();
    }

    public void CountDone()
    {
        lock (_gate)
            _done++;
    }

    /// <summary>Nothing is written after this.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Show()
    {
        lock (_gate)
        {
            var total = _total();
            var elapsed = Stopwatch.GetElapsedTime(_began);
            var step = _last is null ? "" : VisibleText.Line($" {_last.Service}: {_last.Step}");
            _call.WriteProgress(new ProgressRecord(ActivityId, _activity, $"{_done} of {total} done, {elapsed.TotalSeconds:0} s.{step}")
            {
                PercentComplete = total > 1 ? 100 * _done / total : _last?.Percent ?? -1,
                SecondsRemaining = _limit is { } limit ? (int)Math.Max(0, (limit - elapsed).TotalSeconds) : -1,
            });
        }
    }
}
