using System.Collections.Concurrent;
using ServiceCtl.Client;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>The channels that Connect-PyServiceHost holds, by the name of the host. They end with the process, too.</summary>
internal static class HostSessions
{
    private static readonly ConcurrentDictionary<string, ServiceCtlClient> Held = new(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Names => [.. Held.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    public static ServiceCtlClient? Find(string host) => Held.GetValueOrDefault(host);

    /// <summary>Of two for one host, the later one is held.</summary>
    public static void Hold(string host, ServiceCtlClient client)
    {
        End(host);
        if (!Held.TryAdd(host, client))
            client.Dispose();
    }

    /// <returns>False when there was none.</returns>
    public static bool End(string host)
    {
        if (!Held.TryRemove(host, out var client))
            return false;
        client.Dispose();
        return true;
    }
}
