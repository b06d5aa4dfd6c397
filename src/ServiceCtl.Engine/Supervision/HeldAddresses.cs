using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// All addresses of a service that the agent holds. A generation has one socket of each, in the order of its descriptors.
/// </summary>
internal sealed class HeldAddresses : IDisposable
{
    private readonly List<HeldAddress> _all = [];

    public bool Any => _all.Count > 0;

    /// <summary>Opens all addresses of a plan, or none.</summary>
    /// <inheritdoc cref="HeldAddress.Open"/>
    public static HeldAddresses Open(ServiceDefinition definition, SocketPlan plan)
    {
        var held = new HeldAddresses();
        try
        {
            foreach (var served in plan.Addresses)
                held._all.Add(HeldAddress.Open(definition, plan, served.Address));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gets the addresses back from the generations that hold them, after the agent that opened them has died; each gets its
    /// <see cref="Generation.Sockets"/> again.
    /// </summary>
    /// <param name="plan">Of the serving generation.</param>
    /// <param name="serving">The one that connections are to go to.</param>
    /// <param name="inOrder">It and the others that were passed sockets, the oldest first, as they joined.</param>
    /// <returns>None where the kernel forbids one of them; the service goes on, and its next restart is a stop and a start.</returns>
    public static HeldAddresses Recover(SocketPlan plan, Generation serving, IReadOnlyList<Generation> inOrder)
    {
        var held = new HeldAddresses();
        var sockets = inOrder.ToDictionary(generation => generation, generation => new HeldSocket[generation.Addresses.Count]);
        foreach (var served in serving.Addresses)
        {
            var holders = inOrder.Where(generation => generation.Addresses.Any(other => other.Address == served.Address)).ToArray();
            if (HeldAddress.Recover(plan, served.Address, serving, holders) is not { } recovered)
            {
                held.Abandon();
                return new HeldAddresses();
            }

            held._all.Add(recovered.Address);
            foreach (var (holder, socket) in recovered.Sockets)
                sockets[holder][holder.IndexOf(served.Address)] = socket;
        }

        foreach (var (generation, own) in sockets)
            generation.Sockets = [.. own.Where(socket => socket is not null)];
        return held;
    }

    /// <summary>A Unix socket is the same by whatever links its folder is reached.</summary>
    public HeldAddress? Find(ListenAddress address) => _all.Find(held => held.Address.IsSame(address));

    public void Add(IEnumerable<HeldAddress> opened) => _all.AddRange(opened.Except(_all).ToArray());

    /// <summary>Closes what a service no longer has among its addresses.</summary>
    public void Keep(IReadOnlyList<ServedAddress> addresses) =>
        Close(_all.FindAll(held => addresses.All(served => !served.Address.IsSame(held.Address))));

    /// <summary>Closes some of them.</summary>
    public void Close(IEnumerable<HeldAddress> some)
    {
        foreach (var held in some)
        {
            _all.Remove(held);
            held.Dispose();
        }
    }

    /// <summary>Sends new connections to other sockets. Those that wait at the former ones go on waiting.</summary>
    public void Switch(IReadOnlyList<HeldSocket> next)
    {
        foreach (var (held, socket) in Owned(next))
            held.Switch(socket);
    }

    /// <inheritdoc cref="HeldAddress.ShareWith"/>
    public void Share(IReadOnlyList<HeldSocket> with, double percent)
    {
        foreach (var (held, socket) in Owned(with))
            held.ShareWith(socket, percent);
    }

    /// <summary>Gives up sockets whose generation has ended.</summary>
    public void Release(IReadOnlyList<HeldSocket> sockets)
    {
        foreach (var (held, socket) in Owned(sockets))
            held.Release(socket);
    }

    /// <summary>Lets go of the addresses without closing them for those who hold them too.</summary>
    public void Abandon()
    {
        foreach (var held in _all)
            held.Abandon();
    }

    public void Dispose()
    {
        foreach (var held in _all)
            held.Dispose();
        _all.Clear();
    }

    private (HeldAddress Held, HeldSocket Socket)[] Owned(IReadOnlyList<HeldSocket> sockets) =>
        [.. sockets.SelectMany(_ => _all, (socket, held) => (held, socket)).Where(pair => pair.held.Owns(pair.socket))];
}
