using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// How many clients of services the agent itself may have at a time, over all services: those of <c>respond:</c> and of
/// <c>service.infra</c>. The descriptors beyond that are for its own work, so that no number of clients keeps a service from being
/// launched, or an order from being heard.
/// </summary>
internal sealed class ClientShare
{
    private const ulong OneOf = 4;

    private readonly int _most;
    private int _taken;

    public ClientShare(int most)
    {
        _most = most;
    }

    /// <summary>A quarter of the descriptors that this process may have.</summary>
    public static ClientShare OfThisProcess() =>
        new((int)Math.Min((Rlimits.Read(Environment.ProcessId, ResourceLimit.OpenFiles).Soft ?? int.MaxValue) / OneOf, int.MaxValue));

    public bool IsUsedUp => Volatile.Read(ref _taken) >= _most;

    /// <returns>False when there is no place. What was taken is given back with <see cref="Free"/>.</returns>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= _most)
            return true;
        Interlocked.Decrement(ref _taken);
        return false;
    }

    public void Free() => Interlocked.Decrement(ref _taken);
}
