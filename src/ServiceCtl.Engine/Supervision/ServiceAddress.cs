using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>The address of one service over all its generations: which of them has it, and who answers while none does.</summary>
internal sealed class ServiceAddress : IDisposable
{
    private readonly SupervisedService _service;
    private readonly StandIn _standIn = new();
    private HeldAddress? _held;
    private HeldSocket? _socket;

    public ServiceAddress(SupervisedService service)
    {
        _service = service;
    }

    public bool IsHeld => _held is not null;

    /// <summary>Finds a socket for a generation that is about to be launched, and opens the address where it is not held yet.</summary>
    /// <param name="definition">The generation's.</param>
    /// <param name="isFree">Does no generation serve, so that the new one gets what new connections already go to?</param>
    /// <exception cref="Contracts.ServiceCtlException">The address is taken, or can't be had.</exception>
    public AddressClaim Claim(ServiceDefinition definition, bool isFree)
    {
        var plan = _service.Context.RunnerOf(definition).PlanSocket(definition);
        if (!plan.IsHeld)
            return new AddressClaim(this, plan, opened: null, socket: null);
        if (_held?.Address == plan.Address)
            return new AddressClaim(this, plan, opened: null, isFree ? _socket : _held!.Reserve());

        var opened = HeldAddress.Open(definition, plan);
        if (isFree)
            Take(opened);
        return new AddressClaim(this, plan, opened, opened.Current);
    }

    /// <summary>Gets the address back for a generation that another agent left serving.</summary>
    public void Recover(Generation serving, IReadOnlyList<Generation> living)
    {
        if (!serving.HasSocket)
            return;
        var plan = _service.Context.RunnerOf(serving.Definition).PlanSocket(serving.Definition);
        _held = HeldAddress.Recover(plan, serving, [.. living.Where(generation => generation.HasSocket && generation.Listen == serving.Listen)]);
        _socket = _held?.Current;
    }

    /// <summary>A socket for a generation that is to serve for a while beside the one that has the address.</summary>
    public HeldSocket Reserve() => _held!.Reserve();

    /// <summary>Sends new connections to another socket. Those that wait at the former one go on waiting.</summary>
    public void Switch(HeldSocket next) => _held!.Switch(next);

    /// <summary>Gives up a socket whose generation has ended.</summary>
    public void Release(HeldSocket? socket) => _held?.Release(socket);

    /// <summary>Has the clients answered by the agent, on a socket of its own, if the definition says with what. On a Unix socket they wait.</summary>
    public void OpenStandIn(ServiceDefinition definition)
    {
        if (definition.Respond is not { } rule || _held is not { Address.UnixPath: null } held || _standIn.Socket is not null)
            return;
        _standIn.Serve(held.Reserve(), rule);
        held.Switch(_standIn.Socket!);
    }

    /// <summary>Sends new connections to a generation, and whoever had them so far home.</summary>
    public async Task LeadToAsync(Generation generation)
    {
        if (generation.Socket is { } socket)
            Switch(_socket = socket);
        if (_standIn.Socket is not { } former)
            return;
        await _standIn.EmptyAsync(_service.Time);
        _standIn.Stop();
        Release(former);
    }

    /// <summary>Closes the address, and waits until nobody listens there any more.</summary>
    public async Task CloseAsync(ListenAddress? listen)
    {
        Close();
        await _service.Context.Ender.WaitForAddressAsync(_service.Name, listen, CancellationToken.None);
    }

    public void Close()
    {
        _standIn.Stop();
        _held?.Dispose();
        _held = null;
        _socket = null;
    }

    /// <summary>Lets go of the address without closing it for those who hold it too.</summary>
    public void Dispose()
    {
        _standIn.Dispose();
        _held?.Abandon();
    }

    /// <summary>What was claimed is the service's from here on.</summary>
    internal void Take(HeldAddress opened)
    {
        if (opened == _held)
            return;
        Close();
        _held = opened;
        _socket = opened.Current;
    }

    /// <summary>What was claimed is not needed: the generation did not become ready.</summary>
    internal void Withdraw(HeldAddress? opened, HeldSocket? socket)
    {
        if (opened is not null && opened == _held)
            Close();
        else
            opened?.Dispose();
        if (socket != _socket)
            Release(socket);
    }
}
