using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Foreground;

/// <summary>
/// Orders that the schedule of a service in the foreground gives. There is one process to be watched, so a hot restart is a restart.
/// </summary>
internal sealed class ForegroundOrders(string service) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopped = new();
    private TaskCompletionSource<ForegroundOrder> _next = NewSignal<ForegroundOrder>();
    private TaskCompletionSource? _done;
    private ForegroundOrder? _stop;

    /// <summary>Completes with the order that is given next: a restart or a stop.</summary>
    public Task<ForegroundOrder> Next
    {
        get
        {
            lock (_gate)
                return _next.Task;
        }
    }

    /// <summary>The order to be carried out now; null for none. A stop is carried out whatever was ordered before it.</summary>
    public ForegroundOrder? Given
    {
        get
        {
            lock (_gate)
                return _stop ?? (_next.Task.IsCompletedSuccessfully ? _next.Task.Result : null);
        }
    }

    /// <summary>Cancelled as soon as a stop is ordered: nobody waits then to start it again.</summary>
    public CancellationToken Stopped => _stopped.Token;

    public void Dispose() => _stopped.Dispose();

    /// <summary>Gives an order; one that restarts is answered when the service is ready again.</summary>
    public async Task<OperationResult> GiveAsync(ServiceAction action, TimeSpan? limit, CancellationToken cancellation)
    {
        var isStop = action == ServiceAction.Stop;
        if (action == ServiceAction.Start)
            return Result(action, OperationOutcome.Unchanged, $"{service} is running already.");
        Task done;
        lock (_gate)
        {
            if (_stop is not null)
                return Result(action, OperationOutcome.Unchanged, $"{service} is being stopped.");
            var order = new ForegroundOrder(isStop ? ServiceAction.Stop : ServiceAction.Restart, limit);
            _stop = isStop ? order : null;
            _done ??= NewSignal();
            done = _done.Task;
            _next.TrySetResult(order);
        }

        if (isStop)
            await _stopped.CancelAsync();
        else
            await done.WaitAsync(cancellation);
        return Result(action, OperationOutcome.Done, isStop ? $"{service} is stopped." : $"{service} was restarted.");
    }

    /// <summary>It is ready: the order is carried out, and another one can be given. A stop that came meanwhile is the next one.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _done?.TrySetResult();
            _done = null;
            _next = NewSignal<ForegroundOrder>();
            if (_stop is not null)
                _next.SetResult(_stop);
        }
    }

    private OperationResult Result(ServiceAction action, OperationOutcome outcome, string message) =>
        new() { Service = service, Action = action, Outcome = outcome, Message = message };

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
