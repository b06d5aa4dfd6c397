using System.Text.Json.Serialization;

namespace ServiceCtl.Engine.Services;

/// <summary>One of the addresses that a service is reached by.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="Speaks">What a client has to speak there.</param>
public sealed record ServedAddress(ListenAddress Address, WireProtocol Speaks)
{
    /// <summary>
    /// The one that stands for the service: that probes and tests ask, that Consul and the status name. The first that speaks HTTP, then
    /// HTTPS, then any.
    /// </summary>
    public static ServedAddress? MainOf(IReadOnlyList<ServedAddress> addresses) => addresses.MinBy(address => address.Speaks);

    public override string ToString() => Address.ToString();
}

/// <summary>What is spoken on an address, what everybody can ask first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WireProtocol>))]
public enum WireProtocol
{
    Http,
    Https,

    /// <summary>What a web server in front speaks: uwsgi, FastCGI, SCGI.</summary>
    Gateway,
}
