using System.Net;
using System.Net.Sockets;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Who listens on a TCP address of this host (of this network namespace). A listener on a wildcard holds every address of its port,
/// and asking for a wildcard finds every listener of the port: the same rule by which the kernel says that an address is in use.
/// A socket that is bound but does not listen holds its port too, and shows nowhere in /proc.
/// </summary>
public static class TcpListeners
{
    /// <summary>Reads /proc/net only: cheap enough to ask while waiting for a port.</summary>
    public static bool IsListening(IPEndPoint endpoint) => Matching(ReadAll(), endpoint).Count > 0;

    /// <summary>Is one of these sockets a listener there?</summary>
    internal static bool IsListening(IPEndPoint endpoint, IReadOnlySet<long> inodes) =>
        ReadAll().Any(socket => inodes.Contains(socket.Inode) && Covers(socket, endpoint));

    /// <returns>The processes that have the socket open, a master before its workers; one with pid 0 for a socket whose process can't be
    /// seen.</returns>
    public static IReadOnlyList<SocketHolder> HoldersOf(IPEndPoint endpoint)
    {
        Dictionary<long, int?> inodes = [];
        foreach (TcpSocket socket in Matching(ReadAll(), endpoint))
            inodes[socket.Inode] = socket.Uid;
        return SocketOwners.Find(inodes);
    }

    /// <returns>The first of <see cref="HoldersOf"/>; null when nobody listens.</returns>
    public static SocketHolder? HolderOf(IPEndPoint endpoint) => HoldersOf(endpoint) is [var first, ..] ? first : null;

    /// <summary>How many sockets listen on exactly this address: more than one in a SO_REUSEPORT group.</summary>
    internal static int CountAt(IPEndPoint endpoint) =>
        ReadAll().Count(socket => socket.Port == endpoint.Port && SameAddress(socket.Address, endpoint.Address));

    /// <summary>Whether one listener keeps another from the endpoint, as far as addresses tell.</summary>
    internal static bool Covers(TcpSocket socket, IPEndPoint endpoint)
    {
        IPAddress wanted = endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address;
        if (socket.Port != endpoint.Port)
            return false;
        if (socket.IsIPv6Wildcard || wanted.Equals(IPAddress.IPv6Any))
            return true;
        return socket.Address.AddressFamily == wanted.AddressFamily
            && (socket.IsWildcard || wanted.Equals(IPAddress.Any) || SameAddress(socket.Address, wanted));
    }

    internal static IEnumerable<TcpSocket> ReadAll() => Read("/proc/net/tcp").Concat(Read("/proc/net/tcp6"));

    internal static List<TcpSocket> Matching(IEnumerable<TcpSocket> all, IPEndPoint endpoint)
    {
        List<TcpSocket> found = [.. all.Where(socket => Covers(socket, endpoint))];

        // An IPv6 socket may or may not share its port with IPv4 (IPV6_V6ONLY), which /proc doesn't show. The kernel knows.
        bool onlyIPv6 = endpoint.AddressFamily == AddressFamily.InterNetwork && found.Count > 0
            && found.All(socket => socket.IsIPv6Wildcard);
        return onlyIPv6 && CanBind(endpoint) ? [] : found;
    }

    // The kernel's list shows no scope of a link-local address.
    private static bool SameAddress(IPAddress listed, IPAddress wanted) =>
        listed.GetAddressBytes().AsSpan().SequenceEqual(wanted.GetAddressBytes());

    private static bool CanBind(IPEndPoint endpoint)
    {
        using Socket probe = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Without a listen nobody can connect to it, and SO_REUSEADDR (which .NET sets on Unix) lets others bind meanwhile.
            probe.Bind(endpoint);
            return true;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException)
        {
            // Not an address of this host, or a port for root only: the listener in the table is the better witness.
            return false;
        }
    }

    private static IEnumerable<TcpSocket> Read(string path) => ProcFile.TryReadAll(path) is { } table ? TcpTable.Listeners(table) : [];
}
