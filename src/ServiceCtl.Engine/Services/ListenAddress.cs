using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json.Serialization;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Engine.Services;

/// <summary>Where a service listens, resolved: a TCP end point, or the path of a Unix socket.</summary>
[JsonConverter(typeof(ListenAddressConverter))]
public sealed record ListenAddress
{
    private ListenAddress(IPEndPoint? endPoint, string? unixPath)
    {
        EndPoint = endPoint;
        UnixPath = unixPath;
    }

    /// <summary>The address that is bound; null for a Unix socket.</summary>
    public IPEndPoint? EndPoint { get; }

    public string? UnixPath { get; }

    /// <summary>The address that reaches it from this machine; null for a Unix socket.</summary>
    public IPEndPoint? LocalEndPoint => EndPoint switch
    {
        { Address: var any } when any.Equals(IPAddress.Any) => new IPEndPoint(IPAddress.Loopback, EndPoint.Port),
        { Address: var any } when any.Equals(IPAddress.IPv6Any) => new IPEndPoint(IPAddress.IPv6Loopback, EndPoint.Port),
        _ => EndPoint,
    };

    /// <summary>
    /// Null for a host name other than <c>localhost</c>: listening needs an address of this machine, and no lookup is made.
    /// </summary>
    public static ListenAddress? Of(EndpointAddress written)
    {
        if (written.SocketPath is { } path)
            return new ListenAddress(null, path);

        var address = written.Host switch
        {
            null or "*" => IPAddress.Any,
            "localhost" => IPAddress.Loopback,
            var host => IPAddress.TryParse(host, out var parsed) ? parsed : null,
        };
        return address is null ? null : new ListenAddress(new IPEndPoint(address, written.Port!.Value), null);
    }

    /// <summary>A port on all addresses of IPv4.</summary>
    public static ListenAddress OnAll(int port) => new(new IPEndPoint(IPAddress.Any, port), null);

    /// <summary>Reads an address as servers write it; a socket's relative path starts at <paramref name="folder"/>.</summary>
    public static bool TryParse(string? text, string folder, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = text is not null && AddressText.Parse(text, folder, out var written) is null ? Of(written) : null;
        return address is not null;
    }

    /// <summary>
    /// Where it is, whichever release names it: releases share the folder of a Unix socket by links, and then have one address.
    /// </summary>
    internal ListenAddress In(ReleasePlace release) =>
        UnixPath is { } path && ReleasePlace.IsAtOrBelow(path, release.Folder) && Path.GetDirectoryName(path) is { } folder
            && ReleasePlace.RealPathOf(folder) is { } real && real != folder
            ? new ListenAddress(null, Path.Combine(real, Path.GetFileName(path))) : this;

    /// <summary>Is it this address, though perhaps by another path to the folder of its socket?</summary>
    internal bool IsSame(ListenAddress other) => this == other
        || (UnixPath is { } one && other.UnixPath is { } another && Path.GetFileName(one) == Path.GetFileName(another)
            && FolderIdentity.IsSame(Path.GetDirectoryName(one)!, Path.GetDirectoryName(another)!));

    public override string ToString() => UnixPath ?? EndPoint!.ToString();
}
