using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Runners;
using ServiceCtl.Engine.Runners.Registry;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Releases.Building;

/// <summary>Imports a release's code as its server would, before a hook changes anything that the old release needs.</summary>
internal static class ImportCheck
{
    /// <returns>False where the server has no way to do that.</returns>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ImportFailed"/>, with the traceback; what is missing for a
    /// launch.</exception>
    public static async Task<bool> RunAsync(ServiceDefinition definition, CancellationToken cancellation)
    {
        using ExitWatcher watcher = new();
        var plan = RunnerRegistry.PlanSocket(definition);
        var folder = Directory.CreateTempSubdirectory("servicectl-import-").FullName;
        try
        {
            using var launch = await new RunnerRegistry(watcher, TimeProvider.System).RunnerOf(definition).PrepareAsync(new LaunchRequest
            {
                Definition = definition,
                RunFolder = folder,
                Sockets = plan.Passed,
                Connect = plan is { IsHeld: true, Main.UnixPath: null }
                    ? _ => throw new InvalidOperationException("nothing was launched") : null,
            }, cancellation);
            if (launch.Reload is not { } code)
                return false;
            await code.CheckCodeAsync(cancellation);
            return true;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
