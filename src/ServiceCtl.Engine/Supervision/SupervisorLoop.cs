using System.Threading.Channels;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// What is done for one service, one thing after the other, and the record that it changes. What waits for its turn, or has it, can be
/// withdrawn.
/// </summary>
internal sealed class SupervisorLoop
{
    private readonly SupervisionContext _context;
    private readonly Channel<Func<Task>> _inbox = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _watchers = [];
    private readonly List<WorkItem> _items = [];
    private volatile ServiceRecord _record;

    public SupervisorLoop(SupervisionContext context, ServiceRecord record)
    {
        _context = context;
        _record = record;
    }

    /// <summary>The service as it is now. Immutable; read it from any thread.</summary>
    public ServiceRecord Record => _record;

    /// <summary>Replaces the record. Only during one's turn.</summary>
    /// <exception cref="InvalidOperationException">The state may not follow the present one: a fault of ours.</exception>
    public void Change(ServiceRecord next)
    {
        if (next.State != _record.State)
            Transitions.Require(_record.State, next.State);

        if (next.IsWanted != _record.IsWanted)
            _context.SetWanted(next.Name, next.IsWanted);
        if (next.HasFinished != _record.HasFinished)
            _context.SetFinished(next.Name, next.HasFinished);

        // The one thing that changes beside the turns.
        lock (_gate)
            _record = next with { AtBoot = _record.AtBoot };
        WakeWatchers();
    }

    /// <summary>What becomes of the service at boot is another thing now. Noted at once, whatever the service is doing.</summary>
    public void SetAtBoot(BootStart start)
    {
        lock (_gate)
            _record = _record with { AtBoot = start };
        WakeWatchers();
    }

    /// <summary>Completes at the next change of <see cref="Record"/>, or when watchers are woken.</summary>
    public Task NextChangeAsync(CancellationToken cancellation)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _watchers.Add(source);
        return source.Task.WaitAsync(cancellation);
    }

    public void WakeWatchers()
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

    /// <summary>Has something done when its turn comes.</summary>
    /// <returns>False when nothing has its turn any more.</returns>
    public bool Post(Func<Task> work) => _inbox.Writer.TryWrite(work);

    /// <summary>The same; completes when it is done, or will never be.</summary>
    public Task TakeTurnAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = Post(() =>
        {
            try
            {
                work();
            }
            finally
            {
                done.SetResult();
            }

            return Task.CompletedTask;
        });
        return isTaken ? done.Task : Task.CompletedTask;
    }

    /// <summary>Has something started, when its turn comes, that nobody has ordered: an order to stop or restart withdraws it.</summary>
    /// <returns>False when nothing has its turn any more.</returns>
    public bool PostStart(Func<CancellationToken, Task> start) => Post(new WorkItem(null, new CancellationTokenSource()), start);

    /// <inheritdoc cref="Post(Func{Task})"/>
    public bool PostOrder(ServiceAction action, Func<CancellationToken, Task> work, CancellationToken cancellation) =>
        Post(new WorkItem(action, CancellationTokenSource.CreateLinkedTokenSource(cancellation)), work);

    /// <summary>Withdraws what an order makes pointless: a stop, everything but stops; a restart or a release, the starts that nobody
    /// ordered.</summary>
    /// <returns>Whether a start was withdrawn, whoever wanted it.</returns>
    public bool WithdrawFor(ServiceAction action) => action switch
    {
        ServiceAction.Stop => Withdraw(_ => true),
        ServiceAction.Restart or ServiceAction.SwitchRelease => WithdrawUnordered(),
        _ => false,
    };

    /// <summary>Withdraws the starts that nobody ordered.</summary>
    /// <inheritdoc cref="WithdrawFor"/>
    public bool WithdrawUnordered() => Withdraw(item => !item.IsOrdered);

    /// <summary>Takes nothing on any more; what waits has its turn.</summary>
    public void Complete() => _inbox.Writer.TryComplete();

    /// <summary>Returns when everything is done that came before <see cref="Complete"/>.</summary>
    public async Task RunAsync()
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

    /// <summary>Stops are never withdrawn.</summary>
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

    /// <summary>Something that waits for its turn, or has it, and can be withdrawn.</summary>
    /// <param name="Action">What was ordered; null for a start of our own.</param>
    /// <param name="Withdrawal">Ends it.</param>
    private sealed record WorkItem(ServiceAction? Action, CancellationTokenSource Withdrawal)
    {
        public bool IsOrdered => Action is not null;
    }
}
