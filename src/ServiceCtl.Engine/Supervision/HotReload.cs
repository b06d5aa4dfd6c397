using ServiceCtl.Contracts;
using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>Hot restart: the server loads its code anew, while a second generation serves as a bridge, so that the reload stalls nobody.</summary>
internal sealed class HotReload
{
    private readonly SupervisedService _service;
    private readonly ServiceAddress _address;

    public HotReload(SupervisedService service, ServiceAddress address)
    {
        _service = service;
        _address = address;
    }

    /// <summary>Loads the new code. Did the generation live through it? See <see cref="Generation.HasEnded"/>.</summary>
    /// <exception cref="ServiceCtlException">The runner can't, the new code is broken, or the reload did not come to its end.</exception>
    public async Task ReloadAsync(Generation running, Order order)
    {
        if (running.Main.Launch.Reload is not { } reload)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidState, _service.Name, $"{_service.Name} can't be reloaded: its runner {_service.Record.Runner} has no way to load code anew.",
                "Restart it instead.");
        }

        order.Step("Checking that the new code can be imported");
        await reload.CheckCodeAsync(order.Cancellation);
        var bridge = running.Socket is null ? null : await StartBridgeAsync(running, order);
        order.Step("Reloading");
        _service.Change(record => record with { State = ServiceState.Restarting });
        try
        {
            // From here on the master is at it: the caller may go, the reload can't be taken back.
            await reload.ReloadAsync(running.Main.Process, order.Limit ?? running.Definition.Ready.Timeout + running.Definition.Stop.Timeout, CancellationToken.None);
        }
        finally
        {
            if (bridge is not null)
                await EndBridgeAsync(bridge, running);
            if (!running.HasEnded)
                _service.Change(record => record with { State = ServiceState.Running });
        }
    }

    private async Task<Generation> StartBridgeAsync(Generation running, Order order)
    {
        order.Step("Starting a bridge with the new code");
        var number = _service.Record.Generation + 1;
        _service.Change(record => record with { Generation = number });
        var socket = _address.Reserve();
        try
        {
            var bridge = await _service.Context.Starter.StartAsync(
                running.Definition, number, new SocketPlan(running.Listen, IsHeld: true), socket, order.Limit ?? running.Definition.Ready.Timeout, _ => { }, order.Cancellation);
            await _address.SwitchAsync(socket);
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
        await _address.SwitchAsync(running.Socket!);
        await _service.Context.Ender.EndAsync(bridge, bridge.Definition.Stop.Timeout, CancellationToken.None);
        _address.Release(bridge.Socket);
    }
}
