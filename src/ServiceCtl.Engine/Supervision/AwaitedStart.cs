using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>A start that follows a failure: after a wait, then in its turn among the services. Its service's loop alone uses it.</summary>
internal sealed class AwaitedStart : IDisposable
{
    private readonly SupervisedService _service;
    private readonly Action<ServiceDefinition, StartTurns.Turn> _start;
    private ITimer? _timer;
    private StartTurns.Turn? _turn;

    /// <param name="service">What is started.</param>
    /// <param name="start">Starts it, and ends the turn.</param>
    public AwaitedStart(SupervisedService service, Action<ServiceDefinition, StartTurns.Turn> start)
    {
        _service = service;
        _start = start;
    }

    public bool IsPending { get; private set; }

    public void Begin(ServiceDefinition definition, TimeSpan wait)
    {
        IsPending = true;
        // A timer that is due at once still wakes two threads, one after the other. Posted, so that a start that has failed has given its
        // turn back before it asks for the next.
        if (wait == TimeSpan.Zero)
            _service.Post(() => TakeTurnAsync(definition));
        else
            _timer = _service.Time.CreateTimer(_ => _service.Post(() => TakeTurnAsync(definition)), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It is not awaited any more: an order has come, or it begins.</summary>
    public void Cancel()
    {
        _timer?.Dispose();
        // Whose turn it is, ends that by itself.
        if (_turn is { IsWaiting: true } waiting)
            waiting.Dispose();
        (_timer, _turn, IsPending) = (null, null, false);
    }

    public void Dispose() => Cancel();

    private Task TakeTurnAsync(ServiceDefinition definition)
    {
        // An order may have come before it.
        if (!IsPending || _turn is not null)
            return Task.CompletedTask;
        _turn = _service.Context.Turns.Ask(_service.Name, turn => _start(definition, turn));
        if (_turn.IsWaiting)
            _service.ShowThatItWaits();
        return Task.CompletedTask;
    }
}
