using System.Management.Automation;

namespace ServiceCtl.Cmdlets.Loading;

/// <summary>
/// Runs when the module is imported, in every runspace again. The engine itself is loaded by the first cmdlet that needs it,
/// so that importing stays cheap.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    public void OnImport() => EngineLoadContext.EnsureHooked();
}
