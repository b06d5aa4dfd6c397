using System.Net;

namespace ServiceCtl.Engine.Processes;

/// <summary>A listening socket as /proc/net/tcp lists it. An IPv4 address mapped into IPv6 is given as IPv4.</summary>
internal sealed record TcpSocket(IPAddress Address, int Port, int Uid, long Inode)
{
    internal bool IsIPv6Wildcard => Address.Equals(IPAddress.IPv6Any);

    internal bool IsWildcard => Address.Equals(IPAddress.Any) || IsIPv6Wildcard;
}
