using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Foreground;

/// <summary>
/// Orders that the schedule of a service in the foreground gives. There is one process to be watched, so a hot restart is a restart.
/// </summary>
internal sealed class ForegroundOrders(string service)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<ServiceAction> _next = NewSignal<ServiceAction>();
    private TaskCompletionSource? _done;

    /// <summary>Completes with the order that is given next: a restart or a stop.</summary>
    public Task<ServiceAction> Next
    {
        get
        {
            lock (_gate)
                return _next.Task;
        }
    }

    /// <summary>Gives an order; one that restarts is answered when the service is ready again.</summary>
    public async Task<OperationResult> GiveAsync(ServiceAction action, CancellationToken cancellation)
    {
        var isStop = action == ServiceAction.Stop;
        if (action == ServiceAction.Start)
            return Result(action, OperationOutcome.Unchanged, $"{service} is running already.");
        Task done;
        lock (_gate)
        {
            _done ??= NewSignal();
            done = _done.Task;
            _next.TrySetResult(isStop ? ServiceAction.Stop : ServiceAction.Restart);
        }

        if (!isStop)
            await done.WaitAsync(cancellation);
        return Result(action, OperationOutcome.Done, isStop ? $"{service} is stopped." : $"{service} was restarted.");
    }

    /// <summary>The order is carried out, and another one can be given.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _done?.TrySetResult();
            _done = null;
            _next = NewSignal<ServiceAction>();
        }
    }

    private OperationResult Result(ServiceAction action, OperationOutcome outcome, string message) =>
        new() { Service = service, Action = action, Outcome = outcome, Message = message };

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
