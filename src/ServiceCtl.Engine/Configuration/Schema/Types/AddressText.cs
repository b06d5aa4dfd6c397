using System.Globalization;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>
/// Addresses as people write them: <c>host:port</c>, <c>[::1]:port</c>, <c>:port</c>, <c>port</c>, <c>unix:/path</c>, <c>/path</c>.
/// </summary>
public static class AddressText
{
    /// <param name="text">What was written.</param>
    /// <param name="folder">Where a relative socket path starts.</param>
    /// <param name="address">The address.</param>
    /// <returns>Null when it went well; else why not.</returns>
    public static string? Parse(string text, string folder, out EndpointAddress address)
    {
        address = new EndpointAddress();
        var rest = text.Trim();
        if (rest.Contains("://", StringComparison.Ordinal))
            return "It is a URL; leave the scheme and the path away.";
        if (rest.StartsWith("unix:", StringComparison.Ordinal) || rest is ['/' or '.' or '~', ..])
        {
            var reason = PathText.Resolve(rest.StartsWith("unix:", StringComparison.Ordinal) ? rest[5..] : rest, folder, out var path);
            // sockaddr_un holds 108 bytes with the NUL that ends the path: unix(7).
            if (reason is null && System.Text.Encoding.UTF8.GetByteCount(path) > 107)
                return "The path of a Unix socket may have 107 bytes at most.";
            address = new EndpointAddress { SocketPath = path };
            return reason;
        }

        var colon = rest.LastIndexOf(':');
        var host = colon < 0 ? "" : rest[..colon];
        if (!int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return "The port is a number from 1 to 65535.";
        if (host is ['[', .., ']'])
        {
            host = host[1..^1];
            if (!System.Net.IPAddress.TryParse(host, out _))
                return "What stands in brackets is not an IPv6 address.";
        }
        else if (host.Contains(':'))
        {
            return "An IPv6 address goes into brackets.";
        }
        else if (host.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('.' or '-' or '_' or '*')))
        {
            return "The host holds characters that no host name has.";
        }

        address = new EndpointAddress { Host = host.Length == 0 ? null : host, Port = port };
        return null;
    }
}
