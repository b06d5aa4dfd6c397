using ServiceCtl.Client;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// One cmdlet's client, opened by the first use. It stands between the cmdlets and the client's types because PowerShell
/// looks at every public type of the module before these can be found.
/// </summary>
internal sealed class EngineConnection : IDisposable
{
    private readonly Lazy<ServiceCtlClient> _client = new(() => new ServiceCtlClient(CommandFile.Path));

    public ServiceCtlClient Client => _client.Value;

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }
}
