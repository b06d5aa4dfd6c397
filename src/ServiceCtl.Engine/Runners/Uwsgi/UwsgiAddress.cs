using System.Net;
using System.Net.Sockets;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners.Uwsgi;

/// <summary>
/// Addresses as uWSGI reads them: what holds a colon is TCP, everything else a Unix socket's path, and a host name is looked up.
/// </summary>
internal static class UwsgiAddress
{
    /// <param name="text">The address, without what may follow it.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <returns>Null for what can't be bound from outside: an abstract socket, a socket that is inherited already or shared, a name that
    /// nobody knows.</returns>
    public static ListenAddress? TryParse(string text, string folder)
    {
        if (text is "" or ['@' or '=' or '\\', ..])
            return null;
        if (!text.Contains(':'))
            return ListenAddress.TryParse(Path.GetFullPath(text, folder), "/", out var path) ? path : null;
        return ListenAddress.TryParse(text, folder, out var address) ? address : Resolve(text);
    }

    private static ListenAddress? Resolve(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = text[..colon];
        if (Uri.CheckHostName(host) != UriHostNameType.Dns)
            return null;
        try
        {
            // uWSGI asks for IPv4 only (gethostbyname).
            var found = Dns.GetHostAddresses(host, AddressFamily.InterNetwork);
            return found.Length > 0 && ListenAddress.TryParse($"{found[0]}{text[colon..]}", "/", out var address) ? address : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
