using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Hot restart: the server reloads its code, while a second generation serves as a bridge, so that the reload stalls nobody.
/// </summary>
internal sealed class HotRestart
{
    private readonly SupervisedService _service;
    private readonly ServiceAddress _address;

    public HotRestart(SupervisedService service, ServiceAddress address)
    {
        _service = service;
        _address = address;
    }

    /// <summary>Loads the new code. Did the generation live through it? See <see cref="Generation.HasEnded"/>.</summary>
    /// <returns>What the user should know: requests that were cut.</returns>
    /// <exception cref="ServiceCtlException">The runner can't, the new code is broken, or the reload did not come to its end.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(Generation running, Order order)
    {
        if (running.Main.Launch.Reload is not { } reload)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidState, _service.Name,
                $"{_service.Name} can't be hot-restarted: its runner {_service.Record.Runner} can't load code again.",
                "Restart it instead.");
        }

        var bridge = await PrepareAsync(running, reload, order);
        try
        {
            return await RunAsync(running, bridge, reload, order);
        }
        finally
        {
            if (bridge is not null)
                RouteBack(running, bridge);
            if (!running.HasEnded)
                _service.Change(record => record with { State = ServiceState.Running });
        }
    }

    /// <summary>From here on the master is at it: the caller may go, it can't be taken back.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(Generation running, Generation? bridge, ICodeReload reload, Order order)
    {
        var begin = _service.Time.GetTimestamp();
        var drain = order.Limit ?? running.Definition.Stop.Timeout;
        if (bridge is not null)
        {
            order.Step("Letting the requests finish");
            _address.Switch(bridge.Sockets);
            await new ClientDrain(running, isRelieved: true, _service.Time).WaitAsync(drain - GenerationStopper.GracePeriodOf(drain),
                CancellationToken.None);
        }

        order.Step("Reloading");
        _service.Change(record => record with { State = ServiceState.Restarting });
        // Also who is idle takes a moment to end.
        var left = TimeSpan.FromTicks(
            Math.Max(GenerationStopper.GracePeriodOf(drain).Ticks, (drain - _service.Time.GetElapsedTime(begin)).Ticks));
        var cut = await reload.ReloadAsync(running.Main.Process, left, left + (order.Limit ?? running.Definition.Ready.Timeout),
            CancellationToken.None);
        return cut == 0
            ? []
            : [
                $"{cut} {(cut == 1 ? "worker" : "workers")} of {_service.Name} did not finish within {drain.TotalSeconds:0.#} s and had to "
                    + "end; requests were cut."];
    }

    /// <summary>
    /// Checks the new code while the bridge loads it, so that it is waited for once. The check says what is wrong with it, and knows better
    /// than a bridge whether the master can load it. Before it has passed the bridge gets no connections, but on a Unix socket, where all
    /// accept from one queue.
    /// </summary>
    /// <returns>The bridge; null where the address is not ours to switch.</returns>
    private async Task<Generation?> PrepareAsync(Generation running, ICodeReload reload, Order order)
    {
        order.Step("Checking that the new code can be imported");
        if (running.Sockets.Count == 0)
        {
            await reload.CheckCodeAsync(order.Cancellation);
            return null;
        }

        using var withdrawal = CancellationTokenSource.CreateLinkedTokenSource(order.Cancellation);
        var starting = StartBridgeAsync(running, order.Limit, withdrawal.Token);
        try
        {
            await reload.CheckCodeAsync(order.Cancellation);
        }
        catch
        {
            await withdrawal.CancelAsync();
            await WithdrawBridgeAsync(starting);
            throw;
        }

        return await starting;
    }

    private async Task<Generation> StartBridgeAsync(Generation running, TimeSpan? limit, CancellationToken cancellation)
    {
        var number = _service.Record.Generation + 1;
        _service.Change(record => record with { Generation = number });
        var sockets = _address.Reserve(running);
        try
        {
            return await _service.Context.Starter.StartAsync(
                running.Definition, number, running.Addresses, sockets, limit ?? running.Definition.Ready.Timeout, _ => { }, cancellation);
        }
        catch
        {
            _address.Release(sockets);
            throw;
        }
    }

    /// <summary>The new code serves, so the order is done; the bridge gets the next turn to finish what it has begun.</summary>
    private void RouteBack(Generation running, Generation bridge)
    {
        _address.Switch(running.Sockets);
        _service.Post(async () => _service.ReportWarnings(await EndBridgeAsync(bridge)));
    }

    private async Task WithdrawBridgeAsync(Task<Generation> starting)
    {
        try
        {
            await EndBridgeAsync(await starting);
        }
        catch (Exception error) when (error is ServiceCtlException or OperationCanceledException)
        {
            // The same code, which the check has judged.
        }
    }

    private async Task<IReadOnlyList<string>> EndBridgeAsync(Generation bridge)
    {
        var warnings = await _service.Context.Ender.EndAsync(bridge, isRelieved: true, bridge.Definition.Stop.Timeout,
            CancellationToken.None);
        _address.Release(bridge.Sockets);
        return warnings;
    }
}
