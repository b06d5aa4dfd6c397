using System.Collections.Concurrent;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// One cmdlet's clients, opened by the first use. It stands between the cmdlets and the client's types because PowerShell
/// looks at every public type of the module before these can be found.
/// </summary>
internal sealed class EngineConnection : IDisposable
{
    private readonly Lazy<ServiceCtlClient> _client = new(OpenHere);
    private readonly ConcurrentDictionary<string, Lazy<ServiceCtlClient>> _hosts = new(StringComparer.Ordinal);

    /// <param name="host">Null for this host. A channel that is held for it is used, and left open.</param>
    public ServiceCtlClient ClientOf(PyServiceHost? host) => host is null
        ? _client.Value
        : HostSessions.Find(host)
            ?? _hosts.GetOrAdd(host.HostName, _ => new Lazy<ServiceCtlClient>(() => new ServiceCtlClient(host, CommandFile.Path))).Value;

    private static ServiceCtlClient OpenHere() =>
        LocalHost.HasServices ? new ServiceCtlClient(CommandFile.Path) : throw LocalHost.Unsupported();

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
        foreach (var host in _hosts.Values.Where(host => host.IsValueCreated))
            host.Value.Dispose();
    }
}
