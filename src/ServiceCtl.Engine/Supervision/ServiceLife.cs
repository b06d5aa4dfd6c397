using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// What happens to one service: orders carried out, ends noticed, restarts awaited. Only its <see cref="Supervisor"/>'s loop calls it,
/// one call at a time.
/// </summary>
internal sealed class ServiceLife : IDisposable
{
    private readonly SupervisionContext _context;
    private readonly Func<CancellationToken, Task<ServiceDefinition>> _readDefinition;
    private readonly Func<ServiceRecord> _read;
    private readonly Action<ServiceRecord> _change;
    private readonly Action<Func<Task>> _post;
    private readonly RestartPolicy _policy = new();
    private readonly StandIn _standIn = new();
    private Generation? _serving;
    private HeldAddress? _address;
    private HeldSocket? _socket;
    private CancellationTokenSource? _watch;
    private ITimer? _restart;

    public ServiceLife(
        SupervisionContext context, Func<CancellationToken, Task<ServiceDefinition>> readDefinition,
        Func<ServiceRecord> read, Action<ServiceRecord> change, Action<Func<Task>> post)
    {
        _context = context;
        _readDefinition = readDefinition;
        _read = read;
        _change = change;
        _post = post;
    }

    private ServiceRecord Record => _read();

    public async Task<Outcome> ObeyAsync(Order order)
    {
        _policy.Reset();
        var before = Record;
        try
        {
            return order.Action switch
            {
                ServiceAction.Start => await StartAsync(order),
                ServiceAction.Stop => await StopAsync(order),
                ServiceAction.Restart => await RestartAsync(order),
                ServiceAction.HotRestart => await HotRestartAsync(order),
                _ => throw new ServiceCtlException(ErrorCode.InvalidArgument, Record.Name, $"There is no action {order.Action}."),
            };
        }
        catch (Exception error) when (order.Action is not ServiceAction.Stop && IsUnsettled(order) && _restart is null)
        {
            _change(AfterFailure(before, error));
            throw;
        }
    }

    /// <summary>A start or restart that failed says so in the state, however early it failed; a reload only when it was under way.</summary>
    private bool IsUnsettled(Order order) =>
        order.Action is ServiceAction.Start or ServiceAction.Restart || Record.State is ServiceState.Starting or ServiceState.Restarting;

    public async Task<IReadOnlyList<WorkerStatus>> ReadWorkersAsync(CancellationToken cancellation) =>
        _serving is { } serving ? await serving.Launch.ReadWorkersAsync(cancellation) : [];

    /// <summary>Takes on the generation that another agent left serving. What it left half-way is ended, and what is missing started, afterwards.</summary>
    public void Recover()
    {
        var found = new GenerationRecovery(_context, Record.Name).Find();
        foreach (var unfinished in found.Living.Where(generation => generation != found.Serving))
            _post(() => _context.Ender.EndAsync(unfinished, unfinished.Definition.Stop.Timeout, CancellationToken.None));

        _change(Record with { Generation = Math.Max(Record.Generation, found.HighestNumber) });
        if (found.Serving is { } serving)
        {
            RecoverAddress(serving, [.. found.Living.Where(generation => generation.HasSocket && generation.Listen == serving.Listen)]);
            _change(Record with { State = ServiceState.Starting, IsWanted = true });
            Serve(serving);
            var note = serving.HasSocket && _address is null ? " Its socket can't be had back, so the next restart is a stop and a start." : "";
            _context.Tell(Record.Name, ServiceEventKind.Adopted, $"{Record.Name} was taken on (pid {serving.Process.Pid}).{note}");
        }
        else if (Record.IsWanted)
        {
            _post(StartAgainAsync);
        }
    }

    public void Dispose()
    {
        CancelRestart();
        _watch?.Cancel();
        _standIn.Dispose();
        _serving?.Dispose();
        _address?.Abandon();
    }

    private void RecoverAddress(Generation serving, IReadOnlyList<Generation> holders)
    {
        if (!serving.HasSocket)
            return;
        var plan = _context.RunnerOf(serving.Definition).PlanSocket(serving.Definition);
        _address = HeldAddress.Recover(plan, serving.Process, [.. holders.Select(holder => holder.Process)]);
        serving.Socket = _socket = _address?.Current;
    }

    private async Task<Outcome> StartAsync(Order order)
    {
        if (_serving is { } running)
            return new Outcome(OperationOutcome.Unchanged, $"{Record.Name} is running already (pid {running.Process.Pid}, {Record.Listen ?? "no address"}).", []);

        CancelRestart();
        _change(Record with { IsWanted = true });
        var definition = await PrepareAsync(order.Cancellation);
        var warnings = await LaunchAsync(definition, order, ServiceState.Starting);
        return Done(ServiceEventKind.Started, Serving("started"), warnings);
    }

    private async Task<Outcome> StopAsync(Order order)
    {
        CancelRestart();
        _change(Record with { IsWanted = false });
        if (_serving is not { } running)
            return await StopOutsideAsync(order);

        order.Step("Letting the requests finish");
        _change(Record with { State = ServiceState.Stopping });
        // A stop that has begun is carried through, whoever has gone away.
        var warnings = new List<string>(await EndServingAsync(running, order));
        order.Step("Waiting for its address");
        await CloseAddressAsync(running.Definition, running.Listen);
        warnings.AddRange(PathCleaner.Clear(running.Definition.PathsToDelete));
        _change(Record with { State = ServiceState.Stopped, Problem = null });
        return Done(ServiceEventKind.Stopped, $"{Record.Name} was stopped (pid {running.Process.Pid}).", warnings);
    }

    /// <summary>Nothing runs under the agent; the service may still run without it.</summary>
    private async Task<Outcome> StopOutsideAsync(Order order)
    {
        CloseAddress();
        if (Record.State is not ServiceState.Stopped)
            _change(Record with { State = ServiceState.Stopped, Problem = null });
        var unchanged = new Outcome(OperationOutcome.Unchanged, $"{Record.Name} is not running.", []);
        if (await TryReadDefinitionAsync(order.Cancellation) is not { } definition)
            return unchanged;
        var listen = _context.RunnerOf(definition).PlanSocket(definition).Address;
        if (OutsideInstance.Find(definition, listen) is not { } outside)
            return unchanged;

        order.Step("Ending what runs outside the agent");
        await outside.EndAsync(_context.Watcher, order.Limit ?? definition.Stop.Timeout, _context.Time, order.Cancellation);
        await _context.Ender.WaitForAddressAsync(definition.Name, listen, order.Cancellation);
        return Done(
            ServiceEventKind.Stopped, $"{Record.Name} was stopped (pid {outside.Process.Pid}, outside the agent).", PathCleaner.Clear(definition.PathsToDelete));
    }

    /// <summary>A configuration that is gone or wrong does not matter to what doesn't run.</summary>
    private async Task<ServiceDefinition?> TryReadDefinitionAsync(CancellationToken cancellation)
    {
        try
        {
            return await _readDefinition(cancellation);
        }
        catch (ServiceCtlException)
        {
            return null;
        }
    }

    private async Task<Outcome> RestartAsync(Order order)
    {
        CancelRestart();
        _change(Record with { IsWanted = true });
        // Read first: with a configuration that is wrong, the running generation goes on.
        var definition = await PrepareAsync(order.Cancellation);
        if (_serving is not { } old)
        {
            var warnings = await LaunchAsync(definition, order, ServiceState.Starting);
            return Done(ServiceEventKind.Started, Serving("started"), warnings);
        }

        return CanOverlap(old, definition)
            ? await ReplaceAsync(old, definition, order)
            : await RestartInTurnAsync(old, definition, order);
    }

    /// <summary>The new generation has to prove itself ready before the old one hears of it.</summary>
    private async Task<Outcome> ReplaceAsync(Generation old, ServiceDefinition definition, Order order)
    {
        var warnings = new List<string>(await LaunchAsync(definition, order, ServiceState.Restarting));
        order.Step("Letting the old generation finish its requests");
        warnings.AddRange(await _context.Ender.EndAsync(old, order.Limit ?? old.Definition.Stop.Timeout, CancellationToken.None));
        _address?.Release(old.Socket);
        return Done(ServiceEventKind.Restarted, Serving("restarted"), warnings);
    }

    private async Task<Outcome> RestartInTurnAsync(Generation old, ServiceDefinition definition, Order order)
    {
        order.Step("Letting the requests finish");
        _change(Record with { State = ServiceState.Restarting });
        var warnings = new List<string>(await EndServingAsync(old, order));
        await CloseAddressAsync(old.Definition, old.Listen);
        warnings.AddRange(PathCleaner.Clear(old.Definition.PathsToDelete));
        // The service is down by now: whoever ordered this may go, it has to come up again.
        warnings.AddRange(await LaunchAsync(definition, order with { Cancellation = CancellationToken.None }, ServiceState.Restarting));
        return Done(ServiceEventKind.Restarted, Serving("restarted, one generation after the other because it binds its address itself"), warnings);
    }

    private async Task<Outcome> HotRestartAsync(Order order)
    {
        if (_serving is not { } running)
            throw new ServiceCtlException(ErrorCode.InvalidState, Record.Name, $"{Record.Name} is not running, so there is nothing to reload.", "Start it.");
        if (running.Launch.Reload is not { } reload)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidState, Record.Name, $"{Record.Name} can't be reloaded: its runner {Record.Runner} has no way to load code anew.", "Restart it instead.");
        }

        order.Step("Checking that the new code can be imported");
        await reload.CheckCodeAsync(order.Cancellation);
        // A second generation with the new code serves while the master is busy with itself, so the reload stalls nobody.
        var bridge = running.Socket is null ? null : await StartBridgeAsync(running, order);
        order.Step("Reloading");
        _change(Record with { State = ServiceState.Restarting });
        try
        {
            // From here on the master is at it: the caller may go, the reload can't be taken back.
            await reload.ReloadAsync(running.Process, order.Limit ?? running.Definition.Ready.Timeout + running.Definition.Stop.Timeout, CancellationToken.None);
        }
        finally
        {
            if (bridge is not null)
                await EndBridgeAsync(bridge, running);
            if (!running.Process.Exited.IsCompleted)
                _change(Record with { State = ServiceState.Running });
        }

        if (!running.Process.Exited.IsCompleted)
            return Done(ServiceEventKind.Reloaded, Serving("reloaded"), []);

        var exit = await NoticeEndAsync(running);
        throw new ServiceCtlException(new ErrorReport
        {
            Code = ErrorCode.ExitedEarly,
            Target = Record.Name,
            Message = $"{Record.Name} ended while it was reloading ({exit}).",
            Advice = "What follows is what service.restart says; the log lines tell the cause.",
            LogLines = exit.LastLines,
        });
    }

    private async Task<Generation> StartBridgeAsync(Generation running, Order order)
    {
        order.Step("Starting a bridge with the new code");
        var number = Record.Generation + 1;
        _change(Record with { Generation = number });
        var socket = _address!.Reserve();
        try
        {
            var bridge = await _context.Starter.StartAsync(
                running.Definition, number, new SocketPlan(running.Listen, IsHeld: true), socket, order.Limit ?? running.Definition.Ready.Timeout, _ => { }, order.Cancellation);
            await _address.SwitchAsync(socket, _context.Time);
            return bridge;
        }
        catch
        {
            _address.Release(socket);
            throw;
        }
    }

    private async Task EndBridgeAsync(Generation bridge, Generation running)
    {
        await _address!.SwitchAsync(running.Socket!, _context.Time);
        await _context.Ender.EndAsync(bridge, bridge.Definition.Stop.Timeout, CancellationToken.None);
        _address.Release(bridge.Socket);
    }

    /// <summary>Reads the definition, and sees that the service does not run without the agent.</summary>
    private async Task<ServiceDefinition> PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            var definition = await _readDefinition(cancellation);
            var plan = _context.RunnerOf(definition).PlanSocket(definition);
            if (_serving is null)
            {
                OutsideInstance.RequireNone(definition, _address is null ? plan.Address : null);
                if (!plan.IsHeld && AddressHolder.Find(plan.Address) is { } holder)
                    throw HeldAddress.Taken(definition, plan.Address!, holder.ToString());
            }

            return definition;
        }
        catch (ServiceCtlException error) when (_serving is null)
        {
            _change(Record with { State = ServiceState.Failed, Problem = error.Message });
            throw;
        }
    }

    private bool CanOverlap(Generation old, ServiceDefinition definition) =>
        old.Socket is not null && _context.RunnerOf(definition).PlanSocket(definition).IsHeld;

    /// <summary>Launches a generation beside whatever serves, and lets it serve when it is ready.</summary>
    /// <returns>Warnings.</returns>
    private async Task<IReadOnlyList<string>> LaunchAsync(ServiceDefinition definition, Order order, ServiceState through)
    {
        HeldAddress? opened = null;
        HeldSocket? socket = null;
        try
        {
            var plan = _context.RunnerOf(definition).PlanSocket(definition);
            if (plan.IsHeld && _address?.Address != plan.Address)
                opened = HeldAddress.Open(definition, plan);
            if (opened is not null && _serving is null)
                TakeAddress(opened);
            if (plan.IsHeld)
                socket = opened?.Current ?? (_serving is null ? _socket : _address!.Reserve());
            var number = Record.Generation + 1;
            _change(Record with { State = through, Generation = number, Problem = null });
            if (_serving is null)
                OpenStandIn(definition);

            order.Step("Waiting until it is ready");
            var generation = await _context.Starter.StartAsync(
                definition, number, plan, socket, order.Limit ?? definition.Ready.Timeout,
                launched => ShowLaunch(launched, definition), order.Cancellation);
            if (opened is not null && opened != _address)
                TakeAddress(opened);
            var warnings = Serve(generation);
            await LeadToAsync(generation);
            return warnings;
        }
        catch
        {
            if (opened is not null && opened == _address)
                CloseAddress();
            else
                opened?.Dispose();
            if (socket != _socket)
                _address?.Release(socket);
            throw;
        }
    }

    private void ShowLaunch(Generation launched, ServiceDefinition definition)
    {
        if (_serving is null)
            _change(Record with { Pid = launched.Process.Pid, StartedAt = launched.StartedAt, Listen = launched.Listen?.ToString(), Runner = definition.Runner });
    }

    private ServiceRecord AfterFailure(ServiceRecord before, Exception error) => _serving is { } serving
        ? Record with { State = ServiceState.Running, Pid = serving.Process.Pid, StartedAt = serving.StartedAt }
        : Record with
        {
            State = error is OperationCanceledException && before.State is ServiceState.Stopped or ServiceState.Idle ? ServiceState.Stopped : ServiceState.Failed,
            IsWanted = before.IsWanted && error is not OperationCanceledException,
            Pid = null,
            StartedAt = null,
            Problem = error is OperationCanceledException ? null : error.Message,
        };

    /// <summary>From here on this generation is the service.</summary>
    private IReadOnlyList<string> Serve(Generation generation)
    {
        _watch?.Cancel();
        _watch = new CancellationTokenSource();
        _serving = generation;
        _socket = generation.Socket;
        generation.Save(isServing: true);
        var warnings = generation.Publish();
        _change(Record with
        {
            State = ServiceState.Running,
            Pid = generation.Process.Pid,
            StartedAt = generation.StartedAt,
            Listen = generation.Listen?.ToString(),
            Runner = generation.Definition.Runner,
            Generation = Math.Max(Record.Generation, generation.Number),
            Problem = null,
        });
        var watch = _watch.Token;
        _ = generation.Process.Exited.ContinueWith(
            _ => _post(() => IfServing(generation, () => NoticeEndAsync(generation))), watch, TaskContinuationOptions.None, TaskScheduler.Default);
        if (generation.Definition.Health is { } health)
            _ = new LivenessWatch(_context.Time, generation, health).RunAsync(words => _post(() => IfServing(generation, () => ReplaceUnhealthyAsync(generation, words))), watch);
        return warnings;
    }

    private Task IfServing(Generation generation, Func<Task> work) => _serving == generation ? work() : Task.CompletedTask;

    private async Task<IReadOnlyList<string>> EndServingAsync(Generation generation, Order order)
    {
        _watch?.Cancel();
        try
        {
            return await _context.Ender.EndAsync(generation, order.Limit ?? generation.Definition.Stop.Timeout, CancellationToken.None);
        }
        catch (ServiceCtlException error)
        {
            _change(Record with { State = ServiceState.Failed, Problem = error.Message });
            throw;
        }
        finally
        {
            if (generation.Process.Exited.IsCompletedSuccessfully)
                Forget(generation, generation.Report(await generation.Process.Exited, _context.Time.GetLocalNow(), expected: true));
        }
    }

    /// <summary>The process ended without an order: sees that nothing of it is left, and decides what follows.</summary>
    private async Task<ExitReport> NoticeEndAsync(Generation generation)
    {
        _watch?.Cancel();
        var now = _context.Time.GetLocalNow();
        var report = generation.Report(await generation.Process.Exited, now, expected: false);
        await _context.Ender.DiscardAsync(generation, CancellationToken.None);
        Forget(generation, report);
        _context.Tell(Record.Name, ServiceEventKind.Crashed, $"{Record.Name} ended without an order ({report}, pid {report.Pid}).");
        Await(generation.Definition, _policy.Next(generation.Definition.Restart, report, now - generation.StartedAt), $"It ended without an order ({report})");
        return report;
    }

    private async Task ReplaceUnhealthyAsync(Generation generation, string words)
    {
        _context.Tell(Record.Name, ServiceEventKind.Unhealthy, $"{Record.Name} is restarted because it is not well: {words}.");
        _change(Record with { State = ServiceState.Restarting, Problem = words });
        var order = new Order(ServiceAction.Restart, null, _ => { }, CancellationToken.None);
        await EndServingAsync(generation, order);
        await StartAgainAsync();
    }

    /// <summary>Starts again after a wait, or leaves it.</summary>
    private void Await(ServiceDefinition definition, TimeSpan? delay, string reason)
    {
        if (delay is not { } wait)
        {
            CloseAddress();
            var problem = $"{reason} and was not started again: {_policy.Explain(definition.Restart)}.";
            _change(Record with { State = ServiceState.Failed, Problem = problem });
            _context.Tell(Record.Name, ServiceEventKind.GaveUp, problem);
            return;
        }

        OpenStandIn(definition);
        _change(Record with { State = ServiceState.Restarting, Restarts = Record.Restarts + 1, Problem = $"{reason}; it is started again in {wait.TotalSeconds:0.###} s." });
        _restart = _context.Time.CreateTimer(_ => _post(StartAgainAsync), null, wait, Timeout.InfiniteTimeSpan);
    }

    private async Task StartAgainAsync()
    {
        if (_serving is not null || !Record.IsWanted)
            return;

        CancelRestart();
        var order = new Order(ServiceAction.Start, null, _ => { }, CancellationToken.None);
        ServiceDefinition? definition = null;
        try
        {
            definition = await PrepareAsync(order.Cancellation);
            await LaunchAsync(definition, order, Record.State is ServiceState.Restarting ? ServiceState.Restarting : ServiceState.Starting);
            _context.Tell(Record.Name, ServiceEventKind.Restarted, Serving("started again"));
        }
        catch (Exception error)
        {
            _context.Tell(Record.Name, ServiceEventKind.Warning, error.Message);
            var report = new ExitReport { Pid = 0, At = _context.Time.GetLocalNow() };
            _change(Record with { Pid = null, StartedAt = null });
            if (definition is not null)
                Await(definition, _policy.Next(definition.Restart, report, TimeSpan.Zero), error.Message.TrimEnd('.'));
        }
    }

    private void CancelRestart()
    {
        _restart?.Dispose();
        _restart = null;
    }

    private void Forget(Generation generation, ExitReport report)
    {
        if (_serving == generation)
            _serving = null;
        _change(Record with { Pid = null, StartedAt = null, LastExit = report });
    }

    /// <summary>Has the clients answered by the agent, on a socket of its own, if the definition says with what. On a Unix socket they wait.</summary>
    private void OpenStandIn(ServiceDefinition definition)
    {
        if (definition.Respond is not { } rule || _address is not { Address.UnixPath: null } address || _standIn.Socket is not null)
            return;
        _standIn.Serve(address.Reserve(), rule);
        address.Switch(_standIn.Socket!);
    }

    /// <summary>Sends new connections to a generation, and whoever had them so far home.</summary>
    private async Task LeadToAsync(Generation generation)
    {
        if (generation.Socket is { } socket)
            await _address!.SwitchAsync(socket, _context.Time);
        var former = _standIn.Socket;
        _standIn.Stop();
        _address?.Release(former);
    }

    private async Task CloseAddressAsync(ServiceDefinition definition, ListenAddress? listen)
    {
        CloseAddress();
        await _context.Ender.WaitForAddressAsync(definition.Name, listen, CancellationToken.None);
    }

    private void TakeAddress(HeldAddress address)
    {
        CloseAddress();
        _address = address;
        _socket = address.Current;
    }

    private void CloseAddress()
    {
        _standIn.Stop();
        _address?.Dispose();
        _address = null;
        _socket = null;
    }

    private Outcome Done(ServiceEventKind kind, string message, IReadOnlyList<string> warnings)
    {
        _context.Tell(Record.Name, kind, message);
        return new Outcome(OperationOutcome.Done, message, warnings);
    }

    private string Serving(string verb) =>
        $"{Record.Name} was {verb} (pid {Record.Pid}, {Record.Listen ?? "no address"}, log {_context.OutputFileOf(Record.Name)}).";
}
