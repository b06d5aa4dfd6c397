using System.Net.Sockets;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Rules;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The addresses of one service over all its generations: which of them has them, and who answers while none does.</summary>
internal sealed class ServiceAddress : IDisposable
{
    private readonly SupervisedService _service;
    private readonly FallbackResponder _fallback;
    private HeldAddresses _held = new();

    // Those that connections go to, but for the fallback responder's.
    private IReadOnlyList<HeldSocket> _sockets = [];

    public ServiceAddress(SupervisedService service)
    {
        _service = service;
        _fallback = new FallbackResponder(service.Context.Clients);
    }

    public bool IsHeld => _held.Any;

    /// <summary>Finds sockets for a generation that is about to be launched, and opens the addresses that are not held yet.</summary>
    /// <param name="definition">The generation's.</param>
    /// <param name="isFree">Does no generation serve, so that the new one gets what new connections already go to?</param>
    /// <exception cref="Contracts.ServiceCtlException">An address is taken, or can't be had.</exception>
    public AddressClaim Claim(ServiceDefinition definition, bool isFree)
    {
        var plan = RunnerRegistry.PlanSocket(definition);
        if (!plan.IsHeld)
            return new AddressClaim(this, plan, [], []);

        var opened = new List<HeldAddress>();
        var sockets = new List<HeldSocket>();
        try
        {
            foreach (var address in plan.Addresses.Select(served => served.Address))
            {
                if (_held.Find(address) is { } held)
                {
                    sockets.Add(
                        held.Renew(definition, plan, isFree)
                            ?? (isFree ? _sockets.FirstOrDefault(held.Owns) ?? held.Current : held.Reserve()));
                }
                else
                {
                    opened.Add(HeldAddress.Open(definition, plan, address));
                    sockets.Add(opened[^1].Current);
                }
            }
        }
        catch
        {
            Withdraw(opened, sockets);
            throw;
        }

        if (isFree)
        {
            Take(opened, plan);
            _sockets = sockets;
        }

        return new AddressClaim(this, plan, opened, sockets);
    }

    /// <summary>Gets the addresses back for a generation that another agent left serving.</summary>
    public void Recover(Generation serving, IReadOnlyList<Generation> living)
    {
        if (!serving.HasSockets)
            return;
        var plan = RunnerRegistry.PlanSocket(serving.Definition);
        try
        {
            _held = HeldAddresses.Recover(plan, serving, [.. living.Where(generation => generation.HasSockets)]);
            _sockets = serving.Sockets;
        }
        catch (SocketException)
        {
            // The service goes on without us in between.
            _held = new HeldAddresses();
        }
    }

    /// <summary>Sockets for a generation that is to serve for a while beside the one that has these.</summary>
    public IReadOnlyList<HeldSocket> Reserve(Generation serving) =>
        [.. serving.Addresses.Select(served => _held.Find(served.Address)!.Reserve())];

    /// <summary>Sends new connections to other sockets. Those that wait at the former ones go on waiting.</summary>
    public void Switch(IReadOnlyList<HeldSocket> next) => _held.Switch(next);

    /// <summary>
    /// Sends a part of the new connections to a generation beside the one that serves, until the next <see cref="Switch"/>.
    /// </summary>
    public void Share(IReadOnlyList<HeldSocket> with, double percent) => _held.Share(with, percent);

    /// <summary>Sends all new connections to the generation that serves again.</summary>
    public void EndShare() => _held.Switch(_sockets);

    /// <summary>Gives up sockets whose generation has ended.</summary>
    public void Release(IReadOnlyList<HeldSocket> sockets) => _held.Release(sockets);

    /// <summary>
    /// Has the clients answered by the agent, on a socket of its own, if the definition says with what. On a Unix socket they wait, as they
    /// do where they don't speak HTTP.
    /// </summary>
    /// <param name="definition">The service's.</param>
    /// <param name="instead">What is answered instead of what the definition says; null for that.</param>
    /// <returns>Whether clients are answered.</returns>
    public bool OpenFallback(ServiceDefinition definition, RespondRule? instead = null)
    {
        if (_fallback.Socket is { } open)
        {
            if (instead is not null)
                _fallback.Serve(open, instead);
            return true;
        }

        if ((instead ?? definition.Respond) is not { } rule)
            return false;
        var main = ServedAddress.MainOf(RunnerRegistry.PlanSocket(definition).Addresses);
        if (main is not { Speaks: WireProtocol.Http, Address.UnixPath: null } || _held.Find(main.Address) is not { } held)
            return false;
        _fallback.Serve(held.Reserve(), rule);
        held.Switch(_fallback.Socket!);
        return true;
    }

    /// <summary>The same for a service that was never there: its addresses are opened for it.</summary>
    /// <inheritdoc cref="OpenFallback"/>
    public bool TryAnswerFor(ServiceDefinition definition, RespondRule instead)
    {
        try
        {
            using var claim = Claim(definition, isFree: true);
            claim.Keep();
            return OpenFallback(definition, instead);
        }
        catch (Contracts.ServiceCtlException)
        {
            // Somebody else has the address; the failure itself is reported.
            return false;
        }
    }

    /// <summary>Sends new connections to a generation, and whoever had them so far home.</summary>
    public async Task RouteToAsync(Generation generation)
    {
        if (generation.Sockets.Count > 0)
            Switch(_sockets = generation.Sockets);
        if (_fallback.Socket is not { } former)
            return;
        await _fallback.EmptyAsync(_service.Time);
        _fallback.Stop();
        Release([former]);
    }

    /// <summary>Closes the addresses, and waits until nobody listens there any more.</summary>
    public async Task CloseAsync(IReadOnlyList<ServedAddress> addresses)
    {
        Close();
        await _service.Context.Ender.WaitForAddressesAsync(_service.Name, addresses, CancellationToken.None);
    }

    public void Close()
    {
        _fallback.Stop();
        _held.Dispose();
        _sockets = [];
    }

    /// <summary>Lets go of the addresses without closing them for those who hold them too.</summary>
    public void Dispose()
    {
        _fallback.Dispose();
        _held.Abandon();
    }

    /// <summary>What was claimed is the service's from here on; addresses that its plan no longer has are closed.</summary>
    internal void Take(IReadOnlyList<HeldAddress> opened, SocketPlan plan)
    {
        _held.Add(opened);
        if (_fallback.Socket is { } socket && !plan.Addresses.Any(served => _held.Find(served.Address)?.Owns(socket) == true))
            _fallback.Stop();
        _held.Keep(plan.Addresses);
    }

    /// <summary>What was claimed is not needed: the generation did not become ready.</summary>
    internal void Withdraw(IReadOnlyList<HeldAddress> opened, IReadOnlyList<HeldSocket> sockets)
    {
        if (_fallback.Socket is { } socket && opened.Any(held => held.Owns(socket)))
            _fallback.Stop();
        _held.Release([.. sockets.Except(_sockets)]);
        _sockets = [.. _sockets.Where(mine => !opened.Any(held => held.Owns(mine)))];
        _held.Close(opened);
    }
}
