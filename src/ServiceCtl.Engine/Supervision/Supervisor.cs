using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Looks after one service. An actor: orders and what happens to the service come through one channel and are served one after the
/// other, so two sessions with opposite wishes both get a true answer. An order to stop does not wait for what was ordered before it to
/// come to its end: it withdraws it. A start that nobody ordered is withdrawn by an order to restart as well.
/// </summary>
public sealed class Supervisor : IAsyncDisposable
{
    private readonly SupervisionContext _context;
    private readonly DefinitionReading _readings;
    private readonly SupervisorLoop _loop;
    private readonly ServiceLifecycle _lifecycle;
    private readonly Task _running;
    private readonly ConfigurationDrift _drift = new();
    private int _taken;
    private bool _isRetired;

    /// <param name="context">What it shares with the others.</param>
    /// <param name="record">What is known of the service so far.</param>
    /// <param name="readings">Read the service's configuration again.</param>
    public Supervisor(SupervisionContext context, ServiceRecord record, DefinitionReading readings)
    {
        _context = context;
        _readings = readings;
        _loop = new SupervisorLoop(context, record);
        _lifecycle = new ServiceLifecycle(new SupervisedService(context, readings, _loop)
        {
            OrderByRule = (action, generation) => OrderByRuleAsync(action, generation),
        });
        _running = Task.Run(_loop.RunAsync);
    }

    /// <summary>The service as it is now. Immutable; read it from any thread.</summary>
    public ServiceRecord Record => _loop.Record;

    /// <summary>Has everything been carried out that was taken on?</summary>
    public bool IsSettled => Volatile.Read(ref _taken) == 0;

    /// <summary>Takes an order on: from now, and until the answer is disposed, the service is not settled.</summary>
    public IDisposable TakeOn()
    {
        Interlocked.Increment(ref _taken);
        return new TakenOrder(this);
    }

    /// <summary>What the configuration on disk says now.</summary>
    /// <exception cref="ServiceCtlException">It is gone or wrong.</exception>
    public Task<ServiceDefinition> ReadDefinitionAsync(CancellationToken cancellation) => _readings.OfNow(cancellation);

    internal Generation? Serving => _lifecycle.Serving;

    internal Generation? Launching => _lifecycle.Launching;

    /// <summary>A release that serves a part of the connections; null while there is none.</summary>
    internal PyServiceCanary? Canary => _lifecycle.Canary;

    /// <summary>What the configuration on disk would change, in words; null for nothing, and for a service that does not run.</summary>
    internal async Task<string?> FindConfigurationChangeAsync(CancellationToken cancellation) =>
        _lifecycle.Serving is { } serving ? await _drift.FindAsync(Record, serving, _readings.OfNow, cancellation) : null;

    /// <summary>Takes on what an earlier agent left running; returns when that is done.</summary>
    /// <param name="marked">Everything on this host that carries the service's mark.</param>
    public Task RecoverAsync(IReadOnlyList<FoundScope> marked) => _loop.TakeTurnAsync(() => _lifecycle.Recover(marked));

    /// <summary>It is to run from now on; returns when that is noted.</summary>
    public Task WantAsync() => _loop.TakeTurnAsync(() => _loop.Change(Record with { IsWanted = true, HasFinished = false }));

    /// <inheritdoc cref="SupervisorLoop.SetAtBoot"/>
    public void SetAtBoot(BootStart start) => _loop.SetAtBoot(start);

    /// <summary>Its folder was renamed, or its configuration is searched elsewhere; whatever runs goes on.</summary>
    public void Relocate(string configPath, IReadOnlyList<string>? sources) => _loop.Post(() =>
    {
        _loop.Change(Record with { ConfigPath = configPath, Sources = sources ?? [] });
        return Task.CompletedTask;
    });

    /// <summary>Shows that the service is to run and waits for another one.</summary>
    public void Hold(string reason) => _loop.Post(() =>
    {
        _lifecycle.Hold(reason);
        return Task.CompletedTask;
    });

    /// <summary>Shows that the service is to run, and can't.</summary>
    public void Fail(string problem) => _loop.Post(() =>
    {
        _lifecycle.Fail(problem);
        return Task.CompletedTask;
    });

    /// <summary>Starts the service if it is to run and doesn't.</summary>
    public void Restore() => _loop.Post(() =>
    {
        _lifecycle.Restore();
        return Task.CompletedTask;
    });

    /// <summary>Gives an order, and waits for its turn and its end. It fails by its result, never by an exception.</summary>
    public Task<OperationResult> OrderAsync(
        ServiceAction action, TimeSpan? limit, IProgress<OperationProgress>? progress, CancellationToken cancellation) =>
        OrderAsync(new OrderTerms(action, limit), progress, cancellation);

    /// <summary>Has a release serve in the place of what does, or for the first time, and points the link at it.</summary>
    /// <inheritdoc cref="OrderAsync(ServiceAction, TimeSpan?, IProgress{OperationProgress}?, CancellationToken)"/>
    public Task<OperationResult> SwitchReleaseAsync(
        ReleaseOrder release, TimeSpan? limit, IProgress<OperationProgress>? progress, CancellationToken cancellation) =>
        OrderAsync(new OrderTerms(ServiceAction.SwitchRelease, limit, Release: release), progress, cancellation);

    /// <summary>
    /// Has a pushed configuration count: restarts the service, or starts it for the first time, if it is to run when the turn comes.
    /// </summary>
    public Task<OperationResult> ApplyConfigurationAsync(CancellationToken cancellation) =>
        OrderAsync(new OrderTerms(ServiceAction.Restart, null, OnlyIfWanted: true), progress: null, cancellation);

    /// <summary>
    /// Has a changed configuration count, unless it came with a release that serves by the time of its turn.
    /// </summary>
    /// <param name="action">What it takes.</param>
    /// <param name="movedTo">The folder that the link to the service leads to since; null where none has moved.</param>
    /// <param name="cancellation">Withdraws the order.</param>
    public Task<OperationResult> FollowConfigurationAsync(ServiceAction action, string? movedTo, CancellationToken cancellation) =>
        OrderAsync(new OrderTerms(action, null, UnlessServedFrom: movedTo), progress: null, cancellation);

    /// <summary>Does what serves run from this folder?</summary>
    public bool ServesFrom(string? folder) => folder is not null && _lifecycle.Serving?.Definition.Folder == folder;

    private async Task<OperationResult> OrderAsync(
        OrderTerms terms, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        var action = terms.Action;
        using var taken = TakeOn();
        var completion = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var withdrewStart = _loop.WithdrawFor(action);
        var isTaken = _loop.PostOrder(
            action,
            async token =>
            {
                var order = new Order(action, terms.Limit, step => progress?.Report(new OperationProgress(Record.Name, step)), token)
                {
                    OnlyIfWanted = terms.OnlyIfWanted,
                    IsByRule = terms.IsByRule,
                    UnlessServedFrom = terms.UnlessServedFrom,
                    Generation = terms.Generation,
                    Release = terms.Release,
                    WithdrewStart = withdrewStart,
                };
                completion.SetResult(await ExecuteAsync(order));
            },
            cancellation);
        return isTaken ? await completion.Task : OrderFailure.Of(Record, action, TimeSpan.Zero, NamePattern.NotFound(Record.Name).Report);
    }

    /// <summary>
    /// What a rule for failures has decided; it forgets nothing of what was counted, so that a rule can't run in a circle.
    /// </summary>
    /// <param name="action">What it has decided.</param>
    /// <param name="generation">The number of the one that it is about; null for a start.</param>
    public Task<OperationResult> OrderByRuleAsync(ServiceAction action, int? generation = null) =>
        OrderAsync(new OrderTerms(action, null, OnlyIfWanted: action is not ServiceAction.Start, IsByRule: true, Generation: generation),
            progress: null, CancellationToken.None);

    /// <summary>Something that this service requires has failed; its rules may want to do something about that.</summary>
    public void NoticeDependency(string other) => _loop.Post(() => _lifecycle.NoticeDependencyAsync(other));

    /// <summary>Other rules for failures are the host's by now, and what it prints may matter to them.</summary>
    public void NoticeHostRules() => _loop.Post(() =>
    {
        _lifecycle.WatchLogAgain();
        return Task.CompletedTask;
    });

    /// <summary>Takes no more orders, if nothing runs when its turn comes.</summary>
    /// <returns>Whether it has retired.</returns>
    public Task<bool> TryRetireAsync()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _loop.Post(() =>
        {
            _isRetired |= Record.Pid is null;
            if (_isRetired)
                _loop.Complete();
            answer.SetResult(_isRetired);
            return Task.CompletedTask;
        });
        return isTaken ? answer.Task : Task.FromResult(_isRetired);
    }

    /// <summary>Completes at the next change of <see cref="Record"/>, or when an order was carried out.</summary>
    public Task NextChangeAsync(CancellationToken cancellation) => _loop.NextChangeAsync(cancellation);

    public Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) => _lifecycle.ReadWorkersAsync(cancellation);

    /// <summary>Lets go of the service: whatever runs goes on running, and a start that nobody ordered is withdrawn.</summary>
    public async ValueTask DisposeAsync()
    {
        _loop.Complete();
        _loop.WithdrawUnordered();
        await _running;
        await _lifecycle.DisposeAsync();
    }

    private async Task<OperationResult> ExecuteAsync(Order order)
    {
        var begin = _context.Time.GetTimestamp();
        try
        {
            if (_isRetired)
                throw NamePattern.NotFound(Record.Name);
            order.Cancellation.ThrowIfCancellationRequested();
            await _context.HostRules.RefreshAsync(CancellationToken.None);
            var outcome = await _lifecycle.ExecuteAsync(order);
            return new OperationResult
            {
                Service = Record.Name,
                Action = order.Action,
                Outcome = outcome.Kind,
                Message = outcome.Message,
                Warnings = outcome.Warnings,
                Duration = _context.Time.GetElapsedTime(begin),
                After = Record.ToPyService(),
            };
        }
        catch (Exception error)
        {
            var report = OrderFailure.ReportOf(Record, order.Action, error);
            _context.Report(Record.Name, ServiceEventKind.Refused, report.Message, error: report,
                failure: EarlyEnd.Of(error) is not null && Record.Failure is { Rule: null } failure ? failure : null);
            return OrderFailure.Of(Record, order.Action, _context.Time.GetElapsedTime(begin), report);
        }
    }

    private sealed record OrderTerms(
        ServiceAction Action, TimeSpan? Limit, bool OnlyIfWanted = false, string? UnlessServedFrom = null, ReleaseOrder? Release = null,
        bool IsByRule = false, int? Generation = null);

    private sealed class TakenOrder(Supervisor owner) : IDisposable
    {
        private bool _isDone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDone, true))
                return;
            Interlocked.Decrement(ref owner._taken);
            owner._loop.WakeWatchers();
        }
    }
}
