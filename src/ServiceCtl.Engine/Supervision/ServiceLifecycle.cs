using ServiceCtl.Contracts;
using ServiceCtl.Engine.Failures;
using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// What happens to one service: orders carried out, and what another agent left taken on. Only its <see cref="Supervisor"/>'s loop
/// calls it, one call at a time. How it is done is elsewhere: <see cref="Handover"/>, <see cref="HotRestart"/>,
/// <see cref="RestartController"/>.
/// </summary>
internal sealed class ServiceLifecycle : IAsyncDisposable
{
    private readonly SupervisedService _service;
    private readonly ServingGeneration _serving;
    private readonly ServiceAddress _address;
    private readonly Handover _handover;
    private readonly HotRestart _hotRestart;
    private readonly RestartController _restartController;
    private readonly ReleaseSwitch _releases;
    private readonly CanaryTrial _canary;

    public ServiceLifecycle(SupervisedService service)
    {
        _service = service;
        _address = new ServiceAddress(service);
        _serving = new ServingGeneration(service);
        _handover = new Handover(service, _serving, _address);
        _hotRestart = new HotRestart(service, _address);
        _restartController = new RestartController(service, _serving, _address, _handover);
        _canary = new CanaryTrial(service, _address);
        _releases = new ReleaseSwitch(service, _serving, _handover, _canary, _restartController);
        _serving.Ended += _restartController.NoticeEndAsync;
        _serving.Unhealthy += _restartController.ReplaceUnhealthyAsync;
        _serving.Observed += _restartController.NoticeAsync;
    }

    public Generation? Serving => _serving.Current;

    public Generation? Launching => _handover.Launching ?? _canary.Launching;

    public PyServiceCanary? Canary => _canary.Shown;

    private ServiceRecord Record => _service.Record;

    public async Task<Outcome> ExecuteAsync(Order order)
    {
        await _serving.Cleanup;
        if (order.OnlyIfWanted && !Record.IsWanted)
            return new Outcome(OperationOutcome.Unchanged, $"{Record.Name} is not to run.", []);
        if (order.UnlessServedFrom is { } folder && _serving.Current?.Definition.Folder == folder)
            return new Outcome(OperationOutcome.Unchanged, $"{Record.Name} runs from {folder} already.", []);
        if (order.IsByRule && order.Action is not ServiceAction.Start && _serving.Current is null)
            return new Outcome(OperationOutcome.Unchanged, $"{Record.Name} does not serve.", []);
        if (order.Generation is { } number && _serving.Current?.Number != number)
            return new Outcome(OperationOutcome.Unchanged, $"Another generation of {Record.Name} serves by now.", []);
        if (!order.IsByRule)
            _restartController.Reset();
        if (!order.IsByRule && Record.Failure is not null)
            _service.Change(record => record with { Failure = null });
        var before = Record;
        try
        {
            return order.Action switch
            {
                ServiceAction.Start => WithRename(await StartAsync(order)),
                ServiceAction.Stop => await StopAsync(order),
                ServiceAction.Restart => WithRename(await RestartAsync(order)),
                ServiceAction.HotRestart => await HotRestartAsync(order),
                ServiceAction.SwitchRelease => WithRename(await _releases.RunAsync(order)),
                _ => throw new ServiceCtlException(ErrorCode.InvalidArgument, Record.Name, $"There is no action {order.Action}."),
            };
        }
        catch (Exception error) when (order.Action is not ServiceAction.Stop && IsUnsettled(order) && !_restartController.IsPending)
        {
            _service.Change(record => AfterFailure(record, before, order, error));
            if (_serving.Current is null && EarlyEnd.Of(error) is { } exit && order.Release is null
                && await TryReadDefinitionAsync(CancellationToken.None) is { } definition
                && _restartController.NoticeFailedStart(definition, exit, error.Message) is { } finished)
                return finished;
            throw;
        }
    }

    public Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        _serving.Current?.ReadWorkersAsync(cancellation) ?? Task.FromResult<IReadOnlyList<WorkerStatus>>([]);

    /// <inheritdoc cref="Adoption.Run"/>
    public void Recover(IReadOnlyList<FoundScope> marked)
    {
        if (new Adoption(_service, _serving, _address).Run(marked) is { } adopted)
            _restartController.Complete(adopted);
    }

    /// <summary>Shows that the service is to run and waits for another one.</summary>
    public void Hold(string reason)
    {
        if (_serving.Current is null && Record.IsWanted && !_restartController.IsPending)
            _service.Change(
                record => record with
                {
                    State = record.State is ServiceState.Stopped ? ServiceState.Idle : record.State,
                    Problem = reason
                });
    }

    /// <summary>Shows that the service is to run, and can't.</summary>
    public void Fail(string problem)
    {
        if (_serving.Current is not null || !Record.IsWanted || _restartController.IsPending)
            return;
        _service.Change(record => record with { State = ServiceState.Failed, Problem = problem });
        _service.Report(ServiceEventKind.GaveUp, problem);
    }

    /// <summary>Something that this service requires has failed.</summary>
    public Task NoticeDependencyAsync(string other) => _serving.Current is { } serving
        ? _restartController.NoticeAsync(serving, new FailureFacts { Dependency = other, HasFailed = true }) : Task.CompletedTask;

    /// <inheritdoc cref="ServingGeneration.WatchLogAgain"/>
    public void WatchLogAgain() => _serving.WatchLogAgain();

    /// <summary>Starts what is to run and doesn't.</summary>
    public void Restore() => _restartController.Restore();

    public async ValueTask DisposeAsync()
    {
        _restartController.Dispose();
        await _serving.Cleanup;
        _serving.Dispose();
        _address.Dispose();
    }

    private async Task<Outcome> StartAsync(Order order)
    {
        if (_serving.Current is { } running)
            return new Outcome(OperationOutcome.Unchanged,
                $"{Record.Name} is running already (pid {Record.Pid}, {Record.Listen ?? "no address"}).", []);

        _restartController.Want();
        var definition = await _handover.ReadAsync(order.Cancellation);
        return _handover.AwaitsConfiguration(definition)
            ? new Outcome(OperationOutcome.Done, Record.Problem!, []) : await LaunchAsync(definition, order);
    }

    private async Task<Outcome> RestartAsync(Order order)
    {
        _restartController.Want();
        // Read first: with a configuration that is wrong, the running generation goes on.
        var definition = order.IsByRule ? _serving.Current!.Definition : await _handover.ReadAsync(order.Cancellation);
        if (_serving.Current is { } old)
            return await _handover.ReplaceAsync(old, definition, order);
        return _handover.AwaitsConfiguration(definition)
            ? new Outcome(OperationOutcome.Done, Record.Problem!, []) : await LaunchAsync(definition, order);
    }

    private Outcome WithRename(Outcome outcome) => _serving.Current is { } serving && Record.FindRename(serving.Definition) is { } rename
        ? outcome with { Warnings = [.. outcome.Warnings, rename] }
        : outcome;

    private async Task<Outcome> LaunchAsync(ServiceDefinition definition, Order order)
    {
        _handover.RequireFree(definition);
        var warnings = await _handover.LaunchAsync(definition, order, ServiceState.Starting);
        return _service.Done(ServiceEventKind.Started, _service.Describe("started"), warnings);
    }

    private async Task<Outcome> StopAsync(Order order)
    {
        var awaited = WithdrawAwaited(order);
        _service.Change(record => record with { IsWanted = false, HasFinished = false });
        if (_serving.Current is not { } running)
            return await StopOutsideAsync(order, awaited);

        order.Step("Letting the requests finish");
        _service.Change(record => record with { State = ServiceState.Stopping });
        var pid = Record.Pid;
        var warnings = new List<string>(await _service.AnnounceAsync(ServingEvent.Leaving, running));
        // A stop that has begun is carried through, whoever has gone away.
        warnings.AddRange(await _serving.EndAsync(running, order));
        order.Step("Waiting for its address");
        await _address.CloseAsync(running.Addresses);
        warnings.AddRange(PathCleaner.Clear(running.Definition));
        _service.Change(record => record with { State = ServiceState.Stopped, Problem = null });
        if (Record.LastExit is { } exit)
            _restartController.NoticeStop(running.Definition, exit);
        return _service.Done(ServiceEventKind.Stopped, $"{Record.Name} was stopped (pid {pid}).", warnings);
    }

    /// <summary>A start that is due, or waits for something, is not to come any more.</summary>
    /// <returns>What is said of it; null where there was none.</returns>
    private string? WithdrawAwaited(Order order)
    {
        var wasPending = _restartController.IsPending;
        _restartController.Cancel();
        return Record switch
        {
            { IsWanted: true, State: ServiceState.Idle } => "it no longer waits to be started",
            _ when wasPending || Record.State is ServiceState.Restarting => "the restart that was due is withdrawn",
            _ when order.WithdrewStart => "the start that was under way is withdrawn",
            _ => null,
        };
    }

    /// <summary>Nothing runs under the agent; the service may still run without it.</summary>
    private async Task<Outcome> StopOutsideAsync(Order order, string? awaited)
    {
        _address.Close();
        if (Record.State is not ServiceState.Stopped)
            _service.Change(record => record with { State = ServiceState.Stopped, Problem = null });
        if (await TryReadDefinitionAsync(order.Cancellation) is not { } definition)
            return NothingRan();
        var context = _service.Context;
        var addresses = RunnerRegistry.PlanSocket(definition).Addresses;
        if (OutsideInstance.Find(definition, addresses) is not { } outside)
            return NothingRan();

        order.Step("Ending what runs outside the agent");
        await outside.EndAsync(context.Watcher, order.Limit ?? definition.Stop.Timeout, context.Time, order.Cancellation);
        await context.Ender.WaitForAddressesAsync(definition.Name, addresses, order.Cancellation);
        return _service.Done(
            ServiceEventKind.Stopped, $"{Record.Name} was stopped (pid {outside.Process.Pid}, outside the agent).",
            PathCleaner.Clear(definition));

        Outcome NothingRan() => awaited is null
            ? new Outcome(OperationOutcome.Unchanged, $"{Record.Name} is not running.", [])
            : _service.Done(ServiceEventKind.Stopped, $"{Record.Name} was not running; {awaited}.", []);
    }

    /// <summary>A configuration that is gone or wrong does not matter to what doesn't run.</summary>
    private async Task<ServiceDefinition?> TryReadDefinitionAsync(CancellationToken cancellation)
    {
        try
        {
            return await _service.ReadDefinitionAsync(cancellation);
        }
        catch (ServiceCtlException)
        {
            return null;
        }
    }

    private async Task<Outcome> HotRestartAsync(Order order)
    {
        if (_serving.Current is not { } running)
            throw new ServiceCtlException(ErrorCode.InvalidState, Record.Name,
                $"{Record.Name} is not running, so there is nothing to hot-restart.", "Start it.");
        var obstacle = running.LostFile is { } lost
            ? $"the file of its socket {lost} was deleted and a hot restart does not make it again"
            : LaunchPlaces.FindMove(running.Places, running.Definition, ServiceSources.FolderOf(Record.ConfigPath));
        if (running.Main.Launch.Reload is not null && obstacle is not null)
        {
            return await _handover.ReplaceAsync(
                running, await _handover.ReadAsync(order.Cancellation), order, $"restarted instead of hot-restarted, because {obstacle}",
                withCode: true);
        }

        var warnings = await _hotRestart.RunAsync(running, order);
        if (!running.HasEnded)
            return _service.Done(ServiceEventKind.HotRestarted, _service.Describe("hot-restarted"),
                [.. warnings, .. await FindLeftOutAsync(running, order.Cancellation)]);

        var exit = await _restartController.NoticeEndOfAllAsync(running, running.Main);
        throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = Record.Name,
            Message = $"{Record.Name} ended during its hot restart ({exit}).",
            Advice = "What follows is what service.restart says; the log lines tell the cause.",
            LogLines = exit.LastLines,
        });
    }

    /// <summary>A hot restart reads no configuration. Whoever has edited it should hear that.</summary>
    private async Task<IReadOnlyList<string>> FindLeftOutAsync(Generation running, CancellationToken cancellation) =>
        await TryReadDefinitionAsync(cancellation) is { } onDisk && ConfigurationDrift.OutlivesHotRestart(running.Definition, onDisk)
            ? ["The configuration on disk has changed since the start, and a hot restart does not read it; a restart does."]
            : [];

    /// <summary>
    /// A start or restart that failed says so in the state, however early it failed; a hot restart only when it was under way.
    /// </summary>
    private bool IsUnsettled(Order order) =>
        order.Action is ServiceAction.Start or ServiceAction.Restart || Record.State is ServiceState.Starting or ServiceState.Restarting;

    private ServiceRecord AfterFailure(
        ServiceRecord now, ServiceRecord before, Order order, Exception error) => _serving.Current is { } serving
        ? now with { State = ServiceState.Running, Pid = serving.Main.Process.Pid, StartedAt = serving.StartedAt }
        : now with
        {
            State = error is OperationCanceledException && before.State is ServiceState.Stopped or ServiceState.Idle
                ? ServiceState.Stopped : ServiceState.Failed,
            IsWanted = before.IsWanted && (order.Release is not null || error is not OperationCanceledException),
            Pid = null,
            StartedAt = null,
            Problem = error is OperationCanceledException ? null : error.Message,
        };
}
