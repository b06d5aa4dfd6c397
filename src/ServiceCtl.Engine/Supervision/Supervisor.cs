using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Looks after one service. An actor: orders and what happens to the service come through one channel and are served one after the
/// other, so two sessions with opposite wishes both get a true answer. An order to stop does not wait for what was ordered before it to
/// come to its end: it withdraws it. A start that nobody ordered is withdrawn by an order to restart as well.
/// </summary>
public sealed class Supervisor : ISupervisorLoop, IAsyncDisposable
{
    private readonly SupervisionContext _context;
    private readonly Func<CancellationToken, Task<ServiceDefinition>> _readDefinition;
    private readonly ServiceLifecycle _lifecycle;
    private readonly Channel<Func<Task>> _inbox = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _watchers = [];
    private readonly List<WorkItem> _items = [];
    private readonly ConfigurationDrift _drift = new();
    private int _taken;
    private bool _isRetired;
    private volatile ServiceRecord _record;

    /// <param name="context">What it shares with the others.</param>
    /// <param name="record">What is known of the service so far.</param>
    /// <param name="readDefinition">Reads the service's configuration again; it may throw.</param>
    public Supervisor(SupervisionContext context, ServiceRecord record, Func<CancellationToken, Task<ServiceDefinition>> readDefinition)
    {
        _context = context;
        _record = record;
        _readDefinition = readDefinition;
        _lifecycle = new ServiceLifecycle(new SupervisedService(context, readDefinition, this));
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The service as it is now. Immutable; read it from any thread.</summary>
    public ServiceRecord Record => _record;

    /// <summary>Has everything been carried out that was taken on?</summary>
    public bool IsSettled
    {
        get
        {
            lock (_gate)
                return _taken == 0;
        }
    }

    /// <summary>Takes an order on: from now, and until the answer is disposed, the service is not settled.</summary>
    public IDisposable TakeOn()
    {
        lock (_gate)
            _taken++;
        return new TakenOrder(this);
    }

    /// <summary>What the configuration on disk says now.</summary>
    /// <exception cref="ServiceCtlException">It is gone or wrong.</exception>
    public Task<ServiceDefinition> ReadDefinitionAsync(CancellationToken cancellation) => _readDefinition(cancellation);

    internal Generation? Serving => _lifecycle.Serving;

    internal Generation? Launching => _lifecycle.Launching;

    /// <summary>What the configuration on disk would change, in words; null for nothing, and for a service that does not run.</summary>
    internal async Task<string?> FindConfigurationChangeAsync(CancellationToken cancellation) =>
        _lifecycle.Serving is { } serving ? await _drift.FindAsync(_record, serving, _readDefinition, cancellation) : null;

    /// <summary>Takes on what an earlier agent left running; returns when that is done.</summary>
    /// <param name="marked">Everything on this host that carries the service's mark.</param>
    public Task RecoverAsync(IReadOnlyList<FoundScope> marked)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                _lifecycle.Recover(marked);
            }
            finally
            {
                done.SetResult();
            }

            return Task.CompletedTask;
        });
        return done.Task;
    }

    /// <summary>Its folder was renamed, or its configuration is searched elsewhere; whatever runs goes on.</summary>
    public void Relocate(string configPath, IReadOnlyList<string>? sources) => Post(() =>
    {
        Change(_record with { ConfigPath = configPath, Sources = sources ?? [] });
        return Task.CompletedTask;
    });

    /// <summary>Shows that the service is to run and waits for another one.</summary>
    public void Hold(string reason) => Post(() =>
    {
        _lifecycle.Hold(reason);
        return Task.CompletedTask;
    });

    /// <summary>Shows that the service is to run, and can't.</summary>
    public void Fail(string problem) => Post(() =>
    {
        _lifecycle.Fail(problem);
        return Task.CompletedTask;
    });

    /// <summary>Starts the service if it is to run and doesn't.</summary>
    public void Restore() => Post(() =>
    {
        _lifecycle.Restore();
        return Task.CompletedTask;
    });

    /// <summary>Gives an order, and waits for its turn and its end. It fails by its result, never by an exception.</summary>
    public Task<OperationResult> OrderAsync(
        ServiceAction action, TimeSpan? limit, IProgress<OperationProgress>? progress, CancellationToken cancellation) =>
        OrderAsync(action, limit, progress, onlyIfWanted: false, cancellation);

    /// <summary>Has a pushed configuration count: restarts the service, or starts it for the first time, if it is to run when the turn comes.</summary>
    public Task<OperationResult> ApplyConfigurationAsync(CancellationToken cancellation) =>
        OrderAsync(ServiceAction.Restart, limit: null, progress: null, onlyIfWanted: true, cancellation);

    private async Task<OperationResult> OrderAsync(
        ServiceAction action, TimeSpan? limit, IProgress<OperationProgress>? progress, bool onlyIfWanted, CancellationToken cancellation)
    {
        using var taken = TakeOn();
        var completion = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var withdrewStart = action switch
        {
            ServiceAction.Stop => Withdraw(_ => true),
            ServiceAction.Restart => Withdraw(item => !item.IsOrdered),
            _ => false,
        };
        var isTaken = Post(new WorkItem(action, CancellationTokenSource.CreateLinkedTokenSource(cancellation)), async token =>
        {
            var order = new Order(action, limit, step => progress?.Report(new OperationProgress(_record.Name, step)), token) { OnlyIfWanted = onlyIfWanted, WithdrewStart = withdrewStart };
            completion.SetResult(await ExecuteAsync(order));
        });
        return isTaken ? await completion.Task : Failed(action, TimeSpan.Zero, NamePattern.NotFound(_record.Name).Report);
    }

    /// <summary>Takes no more orders, if nothing runs when its turn comes.</summary>
    /// <returns>Whether it has retired.</returns>
    public Task<bool> TryRetireAsync()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = Post(() =>
        {
            _isRetired |= _record.Pid is null;
            if (_isRetired)
                _inbox.Writer.TryComplete();
            answer.SetResult(_isRetired);
            return Task.CompletedTask;
        });
        return isTaken ? answer.Task : Task.FromResult(_isRetired);
    }

    /// <summary>Completes at the next change of <see cref="Record"/>, or when an order was carried out.</summary>
    public Task NextChangeAsync(CancellationToken cancellation)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _watchers.Add(source);
        return source.Task.WaitAsync(cancellation);
    }

    public Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) => _lifecycle.ReadWorkersAsync(cancellation);

    /// <summary>Lets go of the service: whatever runs goes on running, and a start that nobody ordered is withdrawn.</summary>
    public async ValueTask DisposeAsync()
    {
        _inbox.Writer.TryComplete();
        Withdraw(item => !item.IsOrdered);
        await _loop;
        await _lifecycle.DisposeAsync();
    }

    /// <inheritdoc/>
    void ISupervisorLoop.Post(Func<Task> work) => _ = Post(work);

    /// <inheritdoc/>
    void ISupervisorLoop.PostStart(Func<CancellationToken, Task> start) => _ = Post(new WorkItem(null, new CancellationTokenSource()), start);

    /// <inheritdoc/>
    void ISupervisorLoop.Change(ServiceRecord next) => Change(next);

    private bool Post(Func<Task> work) => _inbox.Writer.TryWrite(work);

    private bool Post(WorkItem item, Func<CancellationToken, Task> work)
    {
        lock (_gate)
            _items.Add(item);
        var isTaken = Post(async () =>
        {
            try
            {
                await work(item.Withdrawal.Token);
            }
            finally
            {
                End(item);
            }
        });
        if (!isTaken)
            End(item);
        return isTaken;
    }

    private void End(WorkItem item)
    {
        lock (_gate)
            _items.Remove(item);
        item.Withdrawal.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var work in _inbox.Reader.ReadAllAsync())
        {
            try
            {
                await work();
            }
            catch (Exception error)
            {
                // Orders report their own failures. One notice that went wrong must not leave the service without a supervisor.
                _context.Report(_record.Name, ServiceEventKind.Warning, $"Supervision error of {_record.Name}: {error.Message}");
            }
        }
    }

    /// <summary>Stops are never withdrawn.</summary>
    /// <returns>Whether a start was, whoever wanted it.</returns>
    private bool Withdraw(Func<WorkItem, bool> which)
    {
        lock (_gate)
        {
            // A copy: what is withdrawn takes itself off the list.
            var withdrawn = _items.Where(item => item.Action is not ServiceAction.Stop && which(item)).ToArray();
            foreach (var item in withdrawn)
                item.Withdrawal.Cancel();
            return withdrawn.Any(item => item.Action is null or ServiceAction.Start or ServiceAction.Restart);
        }
    }

    private async Task<OperationResult> ExecuteAsync(Order order)
    {
        var begin = _context.Time.GetTimestamp();
        try
        {
            if (_isRetired)
                throw NamePattern.NotFound(_record.Name);
            order.Cancellation.ThrowIfCancellationRequested();
            var outcome = await _lifecycle.ExecuteAsync(order);
            return new OperationResult
            {
                Service = _record.Name,
                Action = order.Action,
                Outcome = outcome.Kind,
                Message = outcome.Message,
                Warnings = outcome.Warnings,
                Duration = _context.Time.GetElapsedTime(begin),
                After = _record.ToPyService(),
            };
        }
        catch (Exception error)
        {
            var report = ReportOf(order, error);
            _context.Report(_record.Name, ServiceEventKind.Refused, report.Message, error: report);
            return Failed(order.Action, _context.Time.GetElapsedTime(begin), report);
        }
    }

    private OperationResult Failed(ServiceAction action, TimeSpan duration, ErrorReport report) => new()
    {
        Service = _record.Name,
        Action = action,
        Outcome = OperationOutcome.Failed,
        Message = report.Message,
        Duration = duration,
        After = _record.ToPyService(),
        Error = report,
    };

    private ErrorReport ReportOf(Order order, Exception error) => error switch
    {
        ServiceCtlException known => known.Report,
        OperationCanceledException => new ErrorReport
        {
            Code = ErrorCode.Cancelled,
            Target = _record.Name,
            Message = $"The order to {order.Action} {_record.Name} was withdrawn; it is {_record.State}.",
        },
        IOException or UnauthorizedAccessException => new ErrorReport
        {
            Code = ErrorCode.System,
            Target = _record.Name,
            Message = $"{order.Action} of {_record.Name} failed: {error.Message}",
            Advice = "The disk may be full or read-only, or a folder may belong to somebody else; 'df -h' and 'ls -ld' on what the message names tell.",
        },
        _ => new ErrorReport
        {
            Code = ErrorCode.Internal,
            Target = _record.Name,
            Message = $"{order.Action} of {_record.Name} failed in a way that was not foreseen: {error.Message}",
            Advice = "Please report it with the agent's log.",
        },
    };

    private void Change(ServiceRecord next)
    {
        if (next.State != _record.State)
            Transitions.Require(_record.State, next.State);

        if (next.IsWanted != _record.IsWanted)
            _context.SetWanted(next.Name, next.IsWanted);
        if (next.HasFinished != _record.HasFinished)
            _context.SetFinished(next.Name, next.HasFinished);

        lock (_gate)
            _record = next;
        WakeWatchers();
    }

    private void WakeWatchers()
    {
        TaskCompletionSource[] watchers;
        lock (_gate)
        {
            watchers = [.. _watchers];
            _watchers.Clear();
        }

        foreach (var watcher in watchers)
            watcher.TrySetResult();
    }

    private sealed class TakenOrder(Supervisor owner) : IDisposable
    {
        private bool _isDone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDone, true))
                return;
            lock (owner._gate)
                owner._taken--;
            owner.WakeWatchers();
        }
    }

    /// <summary>Something that waits for its turn, or has it, and can be withdrawn.</summary>
    /// <param name="Action">What was ordered; null for a start of our own.</param>
    /// <param name="Withdrawal">Ends it.</param>
    private sealed record WorkItem(ServiceAction? Action, CancellationTokenSource Withdrawal)
    {
        public bool IsOrdered => Action is not null;
    }
}
