using ServiceCtl.Engine.Processes.Scopes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Runners;

/// <summary>
/// The sandbox of a service, with what is the service's own in it, so that <c>/tmp</c> and homes may be hidden wherever a service lives.
/// </summary>
internal static class ServiceSandbox
{
    /// <param name="definition">The service.</param>
    /// <param name="home">The agent's folder, which holds what Python programs load at their start; null where none is used.</param>
    /// <param name="runFolder">The launch's; null for what is no launch.</param>
    public static ScopeSandbox Of(ServiceDefinition definition, string? home = null, string? runFolder = null)
    {
        // A record of an older agent has none.
        var sandbox = definition.Sandbox ?? ScopeSandbox.None;
        return sandbox with
        {
            ReadOnly = sandbox.ReadOnly ?? [],
            Kept =
            [
                definition.Folder, PythonFolders.Working(definition), .. PythonFolders.Added(definition),
                .. Given(definition.ApiDirectory, definition.VirtualEnvironment, FolderOf(definition.Remote?.File),
                    home is null ? null : LineBuffering.FolderIn(home)),
            ],
            Writable = [.. definition.DirectoriesToCreate, .. Given(runFolder, FolderOf(definition.ServerLog))],
        };
    }

    private static IEnumerable<string> Given(params string?[] folders) => folders.OfType<string>();

    private static string? FolderOf(string? file) => file is null ? null : Path.GetDirectoryName(file);
}
