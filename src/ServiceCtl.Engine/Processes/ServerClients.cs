using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Who is connected to what some processes listen on, at one moment, from the kernel's own tables: whatever the addresses are, and whoever
/// bound them. Connections that these processes opened themselves (to a database) are not among them.
/// </summary>
public sealed class ServerClients
{
    private static readonly int[] Families = [LinuxConstants.FamilyInternet, LinuxConstants.FamilyInternet6];
    private static readonly int[] Listeners = [TcpClients.Listening];
    private static readonly int[] Connections = [TcpClients.Established, TcpClients.HandshakeBegun, TcpClients.ClosedByClient];

    private readonly List<ClientConnection> _accepted = [];
    private readonly HashSet<ulong> _handshakes = [];
    private int _waiting;

    private ServerClients()
    {
    }

    /// <summary>
    /// Connections that one of them has accepted. Of one on a Unix socket the kernel tells nothing, so that each is given as one that was
    /// answered and is owed something.
    /// </summary>
    public IReadOnlyList<ClientConnection> Accepted => _accepted;

    /// <summary>Handshakes under way on their TCP ports. Which listener of a port they will reach is not told.</summary>
    public IReadOnlySet<ulong> Handshakes => _handshakes;

    /// <summary>Connections that wait at their listeners to be accepted.</summary>
    public int Waiting => _waiting;

    /// <returns>Null where the kernel does not tell.</returns>
    public static ServerClients? Read(IEnumerable<int> pids)
    {
        IReadOnlySet<long> sockets = SocketOwners.InodesOf(pids);
        ServerClients clients = new();
        return sockets.Count == 0 || (clients.ReadTcp(sockets) && clients.ReadUnix(sockets)) ? clients : null;
    }

    private bool ReadTcp(IReadOnlySet<long> sockets)
    {
        HashSet<(int Family, int Port)> ports = [];
        foreach (int family in Families)
        {
            bool isTold = TcpClients.TryRead(family, port: 0, Listeners, (_, inode, port, waiting, _) =>
            {
                if (!sockets.Contains(inode))
                    return;
                _waiting += waiting;
                ports.Add((family, port));
            });
            if (!isTold)
                return false;
        }

        return ports.All(address => TcpClients.TryRead(address.Family, address.Port, Connections, (state, inode, _, _, connection) =>
        {
            if (state == TcpClients.HandshakeBegun)
                _handshakes.Add(connection.Id);
            else if (sockets.Contains(inode))
                _accepted.Add(connection);
        }));
    }

    private bool ReadUnix(IReadOnlySet<long> sockets)
    {
        HashSet<string> names = [];
        List<(string Name, ulong Id)> connections = [];
        bool isTold = UnixClients.TryRead(socket =>
        {
            if (!sockets.Contains(socket.Inode))
                return;
            if (socket.State != TcpClients.Listening)
                connections.Add((socket.Name, socket.Id));
            else if (names.Add(socket.Name))
                _waiting += socket.Queued;
        });
        foreach ((string name, ulong id) in connections.Where(connection => names.Contains(connection.Name)))
            _accepted.Add(new ClientConnection(id, IsOwed: true, WasAnswered: true, TimeSpan.Zero));
        return isTold;
    }
}
