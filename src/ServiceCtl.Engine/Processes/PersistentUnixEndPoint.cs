using System.Net;
using System.Net.Sockets;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// The path of a Unix socket to bind. A socket that is bound to .NET's own kind deletes the file when it is disposed of, also in a process
/// that only lets go of it; the file belongs to whoever serves there, and outlives this process.
/// </summary>
internal sealed class PersistentUnixEndPoint : EndPoint
{
    private readonly UnixDomainSocketEndPoint _place;

    public PersistentUnixEndPoint(string path)
    {
        _place = new UnixDomainSocketEndPoint(path);
    }

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => _place.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => _place.Create(socketAddress);

    public override string ToString() => _place.ToString();
}
