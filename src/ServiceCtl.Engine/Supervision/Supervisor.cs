using System.Threading.Channels;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Looks after one service. An actor: orders come through a channel and are served one after the other, and only its loop
/// touches the generation, so two sessions with opposite wishes both get a true answer.
/// </summary>
public sealed class Supervisor : IAsyncDisposable
{
    private readonly SupervisionContext _context;
    private readonly Func<CancellationToken, Task<ServiceDefinition>> _readDefinition;
    private readonly Channel<Order> _orders = Channel.CreateUnbounded<Order>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;
    private readonly Lock _watchersGate = new();
    private readonly List<TaskCompletionSource> _watchers = [];
    private Generation? _generation;
    private volatile ServiceRecord _record;

    /// <param name="context">What it shares with the others.</param>
    /// <param name="record">What is known of the service so far.</param>
    /// <param name="readDefinition">Reads the service's configuration anew; it may throw.</param>
    public Supervisor(SupervisionContext context, ServiceRecord record, Func<CancellationToken, Task<ServiceDefinition>> readDefinition)
    {
        _context = context;
        _record = record;
        _readDefinition = readDefinition;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The service as it is now. Immutable; read it from any thread.</summary>
    public ServiceRecord Record => _record;

    /// <summary>Gives an order, and waits for its turn and its end. It fails by its result, never by an exception.</summary>
    public async Task<OperationResult> OrderAsync(
        ServiceAction action, TimeSpan? limit, IProgress<OperationProgress>? progress, CancellationToken cancellation)
    {
        var order = new Order(action, limit, step => progress?.Report(new OperationProgress(_record.Name, step)), cancellation);
        if (!_orders.Writer.TryWrite(order))
            return Failure(order, TimeSpan.Zero, new ServiceCtlException(ErrorCode.InvalidState, _record.Name, $"{_record.Name} was unregistered meanwhile."));
        return await order.Completion.Task;
    }

    /// <summary>Completes at the next change of <see cref="Record"/>.</summary>
    public Task NextChangeAsync(CancellationToken cancellation)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_watchersGate)
            _watchers.Add(source);
        return source.Task.WaitAsync(cancellation);
    }

    public async Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        _generation is { } generation ? await generation.Launch.ReadWorkersAsync(cancellation) : [];

    public async ValueTask DisposeAsync()
    {
        _orders.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var orderCame = _orders.Reader.WaitToReadAsync().AsTask();
        while (true)
        {
            if (_generation is { } running)
                await Task.WhenAny(orderCame, running.Process.Exited);

            if (_generation is { Process.Exited.IsCompleted: true } ended)
            {
                await NoticeEndAsync(ended);
                continue;
            }

            if (!await orderCame)
                return;
            if (_orders.Reader.TryRead(out var order))
                order.Completion.SetResult(await ObeyAsync(order));
            orderCame = _orders.Reader.WaitToReadAsync().AsTask();
        }
    }

    private async Task<OperationResult> ObeyAsync(Order order)
    {
        var begin = _context.Time.GetTimestamp();
        try
        {
            order.Cancellation.ThrowIfCancellationRequested();
            var (outcome, message, warnings) = order.Action switch
            {
                ServiceAction.Start => await StartAsync(order),
                ServiceAction.Stop => await StopAsync(order),
                ServiceAction.Restart => await RestartAsync(order),
                ServiceAction.HotRestart => await HotRestartAsync(order),
                _ => throw new ServiceCtlException(ErrorCode.InvalidArgument, _record.Name, $"There is no action {order.Action}."),
            };
            return new OperationResult
            {
                Service = _record.Name,
                Action = order.Action,
                Outcome = outcome,
                Message = message,
                Warnings = warnings,
                Duration = _context.Time.GetElapsedTime(begin),
                After = _record.ToPyService(),
            };
        }
        catch (ServiceCtlException error)
        {
            return Failure(order, _context.Time.GetElapsedTime(begin), error);
        }
        catch (OperationCanceledException)
        {
            return Failure(order, _context.Time.GetElapsedTime(begin), new ServiceCtlException(
                ErrorCode.Cancelled, _record.Name, $"The order to {order.Action} {_record.Name} was withdrawn; it is {_record.State}."));
        }
        catch (Exception error)
        {
            return Failure(order, _context.Time.GetElapsedTime(begin), new ServiceCtlException(
                ErrorCode.Internal, _record.Name, $"{order.Action} of {_record.Name} failed in a way that was not foreseen: {error.Message}",
                "Please report it with the agent's log.", error));
        }
    }

    private async Task<Outcome> StartAsync(Order order)
    {
        if (_generation is { } running)
            return new Outcome(OperationOutcome.Unchanged, $"{_record.Name} is running already (pid {running.Process.Pid}, {running.Listen}).", []);

        await LaunchAsync(order, ServiceState.Starting, await _readDefinition(order.Cancellation));
        return new Outcome(OperationOutcome.Done, Serving("started"), []);
    }

    private async Task<Outcome> StopAsync(Order order)
    {
        if (_generation is null)
            return await StopOutsideAsync(order);

        var pid = _generation.Process.Pid;
        var warnings = await EndAsync(_generation, order, ServiceState.Stopping);
        Change(_record with { State = ServiceState.Stopped, Problem = null });
        return new Outcome(OperationOutcome.Done, $"{_record.Name} was stopped (pid {pid}).", warnings);
    }

    /// <summary>Nothing runs under the agent; the service may still run without it.</summary>
    private async Task<Outcome> StopOutsideAsync(Order order)
    {
        var definition = await _readDefinition(order.Cancellation);
        var listen = _context.RunnerOf(definition).ListenAddressOf(definition);
        var outside = OutsideInstance.Find(definition, listen);
        if (outside is not null)
        {
            order.Step("Ending what runs outside the agent");
            await outside.EndAsync(_context.Watcher, order.Limit ?? definition.Stop.Timeout, _context.Time, order.Cancellation);
            await _context.Ender.WaitForAddressAsync(definition.Name, listen, order.Cancellation);
        }

        if (_record.State is ServiceState.Failed)
            Change(_record with { State = ServiceState.Stopped, Problem = null });
        return outside is null
            ? new Outcome(OperationOutcome.Unchanged, $"{_record.Name} is not running.", [])
            : new Outcome(
                OperationOutcome.Done, $"{_record.Name} was stopped (pid {outside.Process.Pid}, outside the agent).", PathCleaner.Clear(definition.PathsToDelete));
    }

    private async Task<Outcome> RestartAsync(Order order)
    {
        // Read first: with a configuration that is wrong, the running generation goes on.
        var definition = await _readDefinition(order.Cancellation);
        if (_generation is not { } running)
        {
            await LaunchAsync(order, ServiceState.Starting, definition);
            return new Outcome(OperationOutcome.Done, Serving("started"), []);
        }

        var warnings = await EndAsync(running, order, ServiceState.Restarting);
        await LaunchAsync(order, ServiceState.Restarting, definition);
        return new Outcome(OperationOutcome.Done, Serving("restarted"), warnings);
    }

    private async Task<Outcome> HotRestartAsync(Order order)
    {
        if (_generation is not { } running)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidState, _record.Name, $"{_record.Name} is not running, so there is nothing to reload.", "Start it.");
        }

        order.Step("Checking that the new code can be imported");
        await running.Launch.CheckCodeAsync(order.Cancellation);
        order.Step("Reloading");
        Change(_record with { State = ServiceState.Restarting });
        try
        {
            // From here on the master is at it: the caller may go, the reload can't be taken back.
            await running.Launch.ReloadAsync(running.Process, order.Limit ?? running.Definition.Ready.Timeout + running.Definition.Stop.Timeout, CancellationToken.None);
        }
        finally
        {
            if (!running.Process.Exited.IsCompleted)
                Change(_record with { State = ServiceState.Running });
        }

        if (!running.Process.Exited.IsCompleted)
            return new Outcome(OperationOutcome.Done, Serving("reloaded"), []);

        await NoticeEndAsync(running);
        throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = _record.Name,
            Message = $"{_record.Name} ended while it was reloading ({_record.LastExit}).",
            Advice = "Start it again when the cause in the log lines is mended.",
            LogLines = _record.LastExit?.LastLines ?? [],
        });
    }

    private async Task LaunchAsync(Order order, ServiceState through, ServiceDefinition definition)
    {
        var before = _record.State;
        try
        {
            var number = _record.Generation + 1;
            _generation = await _context.Starter.StartAsync(
                definition, number, order.Limit ?? definition.Ready.Timeout,
                launched => Change(_record with
                {
                    State = through,
                    Generation = number,
                    Pid = launched.Process.Pid,
                    StartedAt = launched.StartedAt,
                    Listen = launched.Listen?.ToString(),
                    Problem = null,
                }),
                order.Step, order.Cancellation);
            Change(_record with { State = ServiceState.Running });
        }
        catch (Exception error)
        {
            Change(_record with
            {
                State = error is OperationCanceledException && before != ServiceState.Restarting ? before : ServiceState.Failed,
                Pid = null,
                StartedAt = null,
                Problem = error is OperationCanceledException ? null : error.Message,
            });
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> EndAsync(Generation generation, Order order, ServiceState through)
    {
        Change(_record with { State = through });
        try
        {
            // A stop that has begun is carried through, whoever has gone away.
            return await _context.Ender.EndAsync(generation, order.Limit ?? generation.Definition.Stop.Timeout, order.Step, CancellationToken.None);
        }
        catch (ServiceCtlException error)
        {
            Change(_record with { State = ServiceState.Failed, Problem = error.Message });
            throw;
        }
        finally
        {
            if (generation.Process.Exited.IsCompleted)
                Forget(generation, await generation.Process.Exited, expected: true);
        }
    }

    /// <summary>The process ended without an order.</summary>
    private async Task NoticeEndAsync(Generation generation)
    {
        var exit = await generation.Process.Exited;
        await _context.Ender.DiscardAsync(generation, CancellationToken.None);
        Forget(generation, exit, expected: false);
        Change(_record with { State = ServiceState.Failed, Problem = $"It ended without an order ({_record.LastExit}) and was not started again." });
    }

    private void Forget(Generation generation, ProcessExit exit, bool expected)
    {
        _generation = null;
        Change(_record with
        {
            Pid = null,
            StartedAt = null,
            LastExit = generation.Report(exit, _context.Time.GetLocalNow(), expected),
        });
    }

    private string Serving(string verb) =>
        $"{_record.Name} was {verb} (pid {_record.Pid}, {_record.Listen ?? "no address"}, log {_context.OutputFileOf(_record.Name)}).";

    private void Change(ServiceRecord next)
    {
        if (next.State != _record.State)
            Transitions.Require(_record.State, next.State);
        _record = next;

        TaskCompletionSource[] watchers;
        lock (_watchersGate)
        {
            watchers = [.. _watchers];
            _watchers.Clear();
        }

        foreach (var watcher in watchers)
            watcher.TrySetResult();
    }

    private OperationResult Failure(Order order, TimeSpan duration, ServiceCtlException error) => new()
    {
        Service = _record.Name,
        Action = order.Action,
        Outcome = OperationOutcome.Failed,
        Message = error.Message,
        Duration = duration,
        After = _record.ToPyService(),
        Error = error.Report,
    };

    private sealed record Outcome(OperationOutcome Kind, string Message, IReadOnlyList<string> Warnings);

    private sealed record Order(ServiceAction Action, TimeSpan? Limit, Action<string> Step, CancellationToken Cancellation)
    {
        public TaskCompletionSource<OperationResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
