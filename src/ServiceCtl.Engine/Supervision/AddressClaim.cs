using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// What a generation that is being launched has got of its service's addresses. Withdrawn when disposed, unless it was kept.
/// </summary>
internal sealed class AddressClaim : IDisposable
{
    private readonly ServiceAddress _address;
    private readonly IReadOnlyList<HeldAddress> _opened;
    private bool _isKept;

    /// <param name="address">The service's.</param>
    /// <param name="plan">Where the generation is to listen.</param>
    /// <param name="opened">What was opened for it, where the service did not hold those addresses.</param>
    /// <param name="sockets">What is to be passed to it; none when it binds its addresses itself.</param>
    public AddressClaim(ServiceAddress address, SocketPlan plan, IReadOnlyList<HeldAddress> opened, IReadOnlyList<HeldSocket> sockets)
    {
        _address = address;
        _opened = opened;
        Plan = plan;
        Sockets = sockets;
    }

    public SocketPlan Plan { get; }

    public IReadOnlyList<HeldSocket> Sockets { get; }

    public void Keep()
    {
        _isKept = true;
        if (Plan.IsHeld)
            _address.Take(_opened, Plan);
    }

    public void Dispose()
    {
        if (!_isKept)
            _address.Withdraw(_opened, Sockets);
    }
}
