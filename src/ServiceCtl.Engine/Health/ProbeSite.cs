using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Health;

/// <summary>Where the service that is asked listens. A URL that names this very place is asked there, too.</summary>
/// <param name="Listens">Its address.</param>
/// <param name="Reach">Opens a connection that reaches this very launch, whoever else has the address; null to go by it.</param>
/// <param name="IsPlain">Does <paramref name="Reach"/> lead to a socket that speaks no TLS, whatever the address does?</param>
/// <param name="Tls">How it is asked where it speaks TLS; null where it doesn't.</param>
public sealed record ProbeSite(
    ListenAddress Listens, Func<CancellationToken, Task<NetworkStream>>? Reach = null, bool IsPlain = false, TlsRule? Tls = null)
{
    /// <summary>What stands before a path of the service: scheme, host and port.</summary>
    public string Root => (Tls is null ? "http://" : "https://") + (Tls?.Host is { } name
        ? $"{name}{(Listens.LocalEndPoint is { Port: var port } ? $":{port.ToString(CultureInfo.InvariantCulture)}" : "")}"
        : Listens.LocalEndPoint?.ToString() ?? "localhost");

    public static ProbeSite Of(
        ServedAddress served, ServiceDefinition definition, Func<CancellationToken, Task<NetworkStream>>? reach = null) =>
        new(served.Address, reach, Tls: served.Speaks == WireProtocol.Https ? TlsRule.Of(definition) : null) { User = definition.User };

    /// <summary>Whom the service runs as; null: as this process.</summary>
    public string? User { get; init; }

    public Task<NetworkStream> ConnectAsync(CancellationToken cancellation) =>
        Reach?.Invoke(cancellation) ?? ServiceConnection.OpenAsync(Listens, User, cancellation);

    /// <summary>Is it one of the addresses of a name, with a port, and in a scheme that it can answer?</summary>
    public bool Is(IReadOnlyList<IPAddress> addresses, int port, bool isTls) =>
        Listens.EndPoint is { } own && own.Port == port && !(isTls && IsPlain) && addresses.Any(address => Has(own.Address, address));

    private static bool Has(IPAddress own, IPAddress asked)
    {
        if (asked.IsIPv4MappedToIPv6)
            asked = asked.MapToIPv4();
        var isAny = own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any);
        return own.Equals(asked) || (isAny && (IPAddress.IsLoopback(asked) || IsOfThisMachine(asked)));
    }

    private static bool IsOfThisMachine(IPAddress asked) => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Any(address => address.Address.Equals(asked));
}
