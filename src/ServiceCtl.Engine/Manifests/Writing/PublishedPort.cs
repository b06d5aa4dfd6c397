using System.Net;
using System.Net.Sockets;

namespace ServiceCtl.Engine.Manifests.Writing;

/// <summary>A port of a container on an address of the host, as compose files write it.</summary>
internal static class PublishedPort
{
    public static string Text(IPEndPoint host, int port) => (host.Address, host.AddressFamily) switch
    {
        (var any, _) when any.Equals(IPAddress.Any) => $"{host.Port}:{port}",
        (_, AddressFamily.InterNetworkV6) => $"[{host.Address}]:{host.Port}:{port}",
        _ => $"{host.Address}:{host.Port}:{port}",
    };
}
