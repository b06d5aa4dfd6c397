using System.Collections.Concurrent;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>The channels that Connect-PyServiceHost holds, by the name of the host. They end with the process, too.</summary>
internal static class HostSessions
{
    private static readonly ConcurrentDictionary<string, (PyServiceHost Host, ServiceCtlClient Client)> Held =
        new(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Names => [.. Held.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Null where none is held, or only the user's own where root's agent is wanted.</summary>
    public static ServiceCtlClient? Find(PyServiceHost host) =>
        Held.TryGetValue(host.HostName, out var held) && (held.Host.Sudo || !host.Sudo) ? held.Client : null;

    /// <summary>By the name alone: as whoever the channel was opened for.</summary>
    public static ServiceCtlClient? Find(string host) => Held.TryGetValue(host, out var held) ? held.Client : null;

    /// <summary>Of two for one host, the later one is held.</summary>
    public static void Hold(PyServiceHost host, ServiceCtlClient client)
    {
        End(host.HostName);
        if (!Held.TryAdd(host.HostName, (host, client)))
            client.Dispose();
    }

    /// <returns>False when there was none.</returns>
    public static bool End(string host)
    {
        if (!Held.TryRemove(host, out var held))
            return false;
        held.Client.Dispose();
        return true;
    }
}
