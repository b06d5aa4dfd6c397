using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// The restart of a service that lives and is not well. It goes on as it is until its wait is over and its turn has come, so that no more
/// services are away at the same time than may be, and stays as it is where it is well again by then. Its service's loop alone uses it.
/// </summary>
internal sealed class SickRestart
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private CancellationTokenSource? _pending;

    public SickRestart(SupervisedService service, ServingGeneration serving)
    {
        _service = service;
        _serving = serving;
    }

    /// <summary>Starts it again, in its turn, after it was ended.</summary>
    public required Func<Generation, FailurePlan, CancellationToken, Task> Start { get; init; }

    /// <summary>Called when it is well again before its turn has come.</summary>
    public required Action<Generation, FailurePlan> Recover { get; init; }

    /// <summary>Is one on its way? Over as soon as the generation ends, or another one serves.</summary>
    public bool IsPending => _pending is { IsCancellationRequested: false };

    public void Begin(Generation generation, FailurePlan plan, string words)
    {
        Cancel();
        var pending = _pending = CancellationTokenSource.CreateLinkedTokenSource(_serving.Watching);
        var token = pending.Token;
        // It has had its last question.
        if (plan.Facts.IsUnhealthy)
            _serving.WatchHealth(generation);
        _ = _service.RunBesideAsync(async () =>
        {
            if (plan.Wait is { } wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, _service.Time, token);
            var turn = await _service.AskForTurnAsync(token);
            _service.PostStart(cancellation => RestartAsync(pending, generation, plan, words, cancellation), turn);
        });
    }

    /// <summary>An order has come.</summary>
    public void Cancel()
    {
        _pending?.Cancel();
        _pending = null;
    }

    /// <summary>Lets it finish its requests and ends it.</summary>
    public async Task EndAsync(Generation generation, string words)
    {
        Cancel();
        _service.Change(record => record with { State = ServiceState.Restarting, Problem = words });
        _service.ReportWarnings(await _service.AnnounceAsync(ServingEvent.Leaving, generation));
        _service.ReportWarnings(
            await _serving.EndAsync(generation, new Order(ServiceAction.Restart, null, _ => { }, CancellationToken.None)));
    }

    private async Task RestartAsync(
        CancellationTokenSource pending, Generation generation, FailurePlan plan, string words, CancellationToken cancellation)
    {
        if (pending.IsCancellationRequested || cancellation.IsCancellationRequested || _serving.Current != generation)
            return;
        if (plan.Facts.IsUnhealthy && generation.Health is { Good: true })
        {
            Cancel();
            _service.Change(record => record with { Problem = null });
            Recover(generation, plan);
            return;
        }

        await EndAsync(generation, words);
        await Start(generation, plan, cancellation);
    }
}
