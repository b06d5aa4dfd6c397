using ServiceCtl.Engine.Runners;

namespace ServiceCtl.Engine.Supervision;

/// <summary>What a generation that is being launched has got of its service's address. Withdrawn when disposed, unless it was kept.</summary>
internal sealed class AddressClaim : IDisposable
{
    private readonly ServiceAddress _address;
    private readonly HeldAddress? _opened;
    private bool _isKept;

    /// <param name="address">The service's.</param>
    /// <param name="plan">Where the generation is to listen.</param>
    /// <param name="opened">What was opened for it, where the service did not hold that address.</param>
    /// <param name="socket">What is to be passed to it; null when it binds its address itself.</param>
    public AddressClaim(ServiceAddress address, SocketPlan plan, HeldAddress? opened, HeldSocket? socket)
    {
        _address = address;
        _opened = opened;
        Plan = plan;
        Socket = socket;
    }

    public SocketPlan Plan { get; }

    public HeldSocket? Socket { get; }

    public void Keep()
    {
        _isKept = true;
        if (_opened is not null)
            _address.Take(_opened);
    }

    public void Dispose()
    {
        if (!_isKept)
            _address.Withdraw(_opened, Socket);
    }
}
