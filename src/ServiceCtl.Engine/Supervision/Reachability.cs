using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// Whether clients can reach a generation: it was passed a socket for each of its addresses, or listens there itself. That somebody listens
/// there is not enough.
/// </summary>
internal static class Reachability
{
    public static Readiness Of(Generation generation)
    {
        // What an engine publishes, it listens on itself, or has the kernel forward.
        if (generation.HasSockets || generation.Addresses.Count == 0 || generation.Definition.Container is { Port: not null })
            return Readiness.Ready;
        var sockets = SocketOwners.InodesOf(generation.Instances.SelectMany(instance => instance.Scope.KnownPids()));
        var missing = generation.Addresses.Where(served => !IsListening(served.Address, sockets)).ToArray();
        return missing.Length == 0
            ? Readiness.Ready : Readiness.NotYet($"it does not listen on {string.Join(", ", missing.Select(Describe))}");
    }

    private static bool IsListening(ListenAddress address, IReadOnlySet<long> sockets) => address.UnixPath is { } path
        ? UnixListeners.IsListening(path, sockets)
        : TcpListeners.IsListening(address.EndPoint!, sockets);

    private static string Describe(ServedAddress served) =>
        AddressHolder.Find(served.Address) is { } other ? $"{served} (there is {other})" : $"{served}";
}
