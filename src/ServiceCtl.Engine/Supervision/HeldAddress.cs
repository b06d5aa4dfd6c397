using System.Net;
using System.Net.Sockets;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Supervision;

/// <summary>
/// A service's address, held by the agent. As long as it is, connections are taken by the kernel and wait; so a restart refuses nobody.
/// On TCP every generation that overlaps with another gets a socket of its own in one SO_REUSEPORT group, and the agent steers new
/// connections from one to the other. A server is asked to end only when nothing new can reach it any more: servers drop
/// connections that they accept in the moment they are asked to end (uWSGI does, about one in some thousand under load; its routers are
/// killed). On a Unix socket each has a socket of its own as well, the file of which is made beside the path, and takes that in one step.
/// </summary>
internal sealed class HeldAddress : IDisposable
{
    // In the kernel's order: by joining, where the last one takes the place of one that leaves.
    private readonly List<HeldSocket> _sockets = [];
    private SocketPlan _plan;
    private (HeldSocket Socket, double Percent)? _share;

    private HeldAddress(SocketPlan plan, ListenAddress address, HeldSocket first)
    {
        _plan = plan;
        Address = address;
        Current = Join(first);
    }

    public ListenAddress Address { get; }

    /// <summary>The socket that new connections go to.</summary>
    public HeldSocket Current { get; private set; }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AddressInUse"/> with the holder, or
    /// <see cref="ErrorCode.System"/>.</exception>
    public static HeldAddress Open(ServiceDefinition definition, SocketPlan plan, ListenAddress address)
    {
        if (AddressHolder.Find(address) is { } holder)
            throw Taken(definition, address, holder.ToString());

        if (address.UnixPath is { } path)
            AddressFault.RequirePlace(definition, path);
        var held = new HeldAddress(plan, address, OpenSocket(definition, plan, address));
        held.RemoveStale();
        return held;
    }

    /// <summary>Gets the address back from the generations that hold it, after the agent that opened it has died.</summary>
    /// <param name="plan">Of the serving generation.</param>
    /// <param name="address">One of its addresses.</param>
    /// <param name="serving">The one that connections are to go to.</param>
    /// <param name="inOrder">It and the others that hold a socket of the address, the oldest first, as they joined.</param>
    /// <returns>It, and the socket of each generation; null where the kernel forbids it.</returns>
    public static (HeldAddress Address, Dictionary<Generation, HeldSocket> Sockets)? Recover(
        SocketPlan plan, ListenAddress address, Generation serving, IReadOnlyList<Generation> inOrder)
    {
        HeldAddress? held = null;
        var sockets = new Dictionary<Generation, HeldSocket>();
        foreach (var holder in inOrder)
        {
            if (HeldSocket.Recover(holder, address, plan.Access) is not { } socket)
                continue;
            sockets[holder] = held?.Rejoin(socket) ?? (held = new HeldAddress(plan, address, socket)).Current;
        }

        if (held is null || !sockets.TryGetValue(serving, out var current) || !held.IsWholeGroup())
        {
            held?.Abandon();
            return null;
        }

        held.Switch(current);
        held.RemoveStale();
        return (held, sockets);
    }

    /// <summary>A socket for one more generation. New connections do not reach it before <see cref="Switch"/>.</summary>
    public HeldSocket Reserve()
    {
        if (Address.UnixPath is { } path)
            return TryOpenBeside(path) is { } own ? Join(own) : Share();
        Steer(Current);
        return Join(HeldSocket.Open(Address, _plan));
    }

    /// <summary>
    /// Sees that the address can be reached as a definition wants it: the next generation gets a Unix socket with the permissions that are
    /// asked for by now, and one that has a file where somebody has deleted that.
    /// </summary>
    /// <param name="definition">The next generation's.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="isFree">Does it get the socket that is there?</param>
    /// <returns>The new socket, to be switched to; null where there is nothing to renew.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.AddressInUse"/>: another program's socket is in its place; it can't be
    /// made again.</exception>
    public HeldSocket? Renew(ServiceDefinition definition, SocketPlan plan, bool isFree)
    {
        if (Address.UnixPath is not { } path)
            return null;
        if (!Current.IsLost)
        {
            _plan = plan;
            if (isFree)
                Current.Permit(plan.Access);
            return null;
        }

        // The others that were bound to that path are ours: one for each time that the file was deleted.
        if (UnixListeners.CountAt(path) > _sockets.Count)
            throw Taken(definition, Address, "another program, which has put its own socket there");
        _plan = plan;
        return Join(OpenSocket(definition, plan, Address));
    }

    /// <summary>Is it one of this address?</summary>
    public bool Owns(HeldSocket socket) => _sockets.Contains(socket);

    /// <summary>Sends new connections to another socket. Those that wait at the former one go on waiting.</summary>
    public void Switch(HeldSocket next)
    {
        _share = null;
        Steer(next);
        Current = next;
    }

    /// <summary>
    /// Sends a part of the new connections to another socket, by chance; the others go on to the current one. Only on TCP.
    /// </summary>
    public void ShareWith(HeldSocket with, double percent)
    {
        _share = (with, percent);
        Steer(Current);
    }

    /// <summary>Gives up a socket whose generation has ended.</summary>
    public void Release(HeldSocket socket)
    {
        if (socket == Current || !_sockets.Contains(socket))
            return;

        if (_share?.Socket == socket)
            _share = null;
        var index = _sockets.IndexOf(socket);
        _sockets[index] = _sockets[^1];
        _sockets.RemoveAt(_sockets.Count - 1);
        socket.Close();
        Steer(Current);
    }

    /// <summary>Lets go of the address without closing it for those who hold it too.</summary>
    public void Abandon()
    {
        foreach (var socket in _sockets)
            socket.Abandon();
    }

    public void Dispose()
    {
        foreach (var socket in _sockets)
            socket.Close();
    }

    public static ServiceCtlException Taken(ServiceDefinition definition, ListenAddress address, string holder) => new(
        ErrorCode.AddressInUse, definition.Name, $"{definition.Name} can't listen on {address}: it is held by {holder}.",
        $"End that program yourself if it should not be there, or choose another address in {definition.ConfigPath}.");

    private static HeldSocket OpenSocket(ServiceDefinition definition, SocketPlan plan, ListenAddress address)
    {
        try
        {
            // Nobody listens there, so a socket of that name is what an earlier listener left behind.
            if (address.UnixPath is { } stale)
                UnixSocketFile.RemoveStale(stale, plan.Access.Maker);
            return HeldSocket.Open(address, plan);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw Taken(definition, address, AddressHolder.Find(address)?.ToString() ?? "a program that can't be seen");
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            throw AddressFault.Of(definition, address, error);
        }
    }

    /// <summary>
    /// A connection to one socket of the address, wherever all others go: its source is steered there. So a generation is asked before it
    /// serves.
    /// </summary>
    private async Task<NetworkStream> ConnectAsync(HeldSocket to, CancellationToken cancellation)
    {
        var target = Address.LocalEndPoint!;
        var client = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Bind(new IPEndPoint(target.Address, 0));
            to.Steer(_sockets.IndexOf(Current), ((IPEndPoint)client.LocalEndPoint!, _sockets.IndexOf(to)), Shared());
            await client.ConnectAsync(target, cancellation);
            return new NetworkStream(client, ownsSocket: true);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private HeldSocket Join(HeldSocket socket)
    {
        _sockets.Add(socket);
        socket.Reach = Address.UnixPath is null ? cancellation => ConnectAsync(socket, cancellation) : socket.ConnectAsync;
        return socket;
    }

    /// <summary>Removes the files of sockets that were beside the path when an agent died.</summary>
    private void RemoveStale()
    {
        if (Address.UnixPath is not { } path)
            return;
        foreach (var stale in UnixSocketBeside.FilesOf(path).Where(file => !_sockets.Exists(socket => socket.Path == file)).ToArray())
            UnixSocketFile.RemoveStale(stale, _plan.Access.Maker);
    }

    /// <summary>One that several generations have is found once for each.</summary>
    private HeldSocket Rejoin(HeldSocket socket)
    {
        if (Address.UnixPath is null || _sockets.Find(known => known.Inode == socket.Inode) is not { } known)
            return Join(socket);
        socket.Abandon();
        return Share(known);
    }

    private static HeldSocket Share(HeldSocket socket)
    {
        socket.IsShared = true;
        socket.Reach = null;
        return socket;
    }

    /// <summary>Where the folder has no other file take the path, the generations have one socket.</summary>
    private HeldSocket Share()
    {
        Current.Permit(_plan.Access);
        return Share(Current);
    }

    /// <summary>
    /// A socket that can take the path. Null where it can't: names are too long, or it is the folder's or its file system's way.
    /// </summary>
    private HeldSocket? TryOpenBeside(string path)
    {
        if (UnixSocketBeside.Find(path) is not { } beside)
            return null;
        HeldSocket? opened = null;
        try
        {
            opened = HeldSocket.Open(Address, _plan, beside);
            if (UnixSocketFile.CanPublish(beside, _plan.Access.Maker))
                return opened;
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException
            or ServiceCtlException { Code: ErrorCode.System or ErrorCode.AccessDenied })
        {
            // What could be made once may be forbidden now; the socket that is there goes on.
        }

        opened?.Close();
        return null;
    }

    private void Steer(HeldSocket to)
    {
        if (Address.UnixPath is not { } path)
            to.Steer(_sockets.IndexOf(to), share: Shared());
        else if (to.Path != path && !to.IsLost)
            to.Publish(path, _sockets.Find(other => other.Path == path && !other.IsLost));
    }

    private (int Index, double Percent)? Shared() => _share is ({ } socket, var percent) ? (_sockets.IndexOf(socket), percent) : null;

    /// <summary>
    /// Are the sockets of the kernel's group those that were found? One that nobody has open any more, because its generation has ended or
    /// closed it to drain, has left the group as well; but with one that somebody has and that is missing here, the kernel's numbers would
    /// not be ours.
    /// </summary>
    private bool IsWholeGroup() => Address.UnixPath is not null || TcpListeners.CountAt(Address.EndPoint!) == _sockets.Count;
}
