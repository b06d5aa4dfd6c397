using ServiceCtl.Engine;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// One cmdlet's way to the engine, opened by the first use. It stands between the cmdlets and the engine's types because PowerShell
/// looks at every public type of the module before the engine can be found.
/// </summary>
internal sealed class EngineConnection : IDisposable
{
    private readonly Lazy<ServiceManager> _manager = new(() => new ServiceManager(Path.Combine(EngineLoadContext.Folder, "servicectl")));

    public ServiceManager Manager => _manager.Value;

    public void Dispose()
    {
        if (_manager.IsValueCreated)
            _manager.Value.Dispose();
    }
}
