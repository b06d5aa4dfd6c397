using ServiceCtl.Contracts;
using ServiceCtl.Engine;

namespace ServiceCtl.Host.Commands;

/// <summary>Which services a command line is about.</summary>
internal static class Services
{
    public static ServiceManager Open() => new(Environment.ProcessPath!);

    /// <summary>The configuration file that makes the current folder a service's; null elsewhere, and in a folder that was deleted.</summary>
    public static string? FindConfigHere() => ServiceManager.CurrentFolder is { } folder ? ServiceManager.FindConfig(folder) : null;

    /// <summary>The names as given; without any, the service of the current folder; elsewhere none, which means all. Asks no agent to start.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: the service of the current folder is not known.</exception>
    public static async Task<IReadOnlyList<string>> SelectKnownAsync(ServiceManager manager, string[] names, CancellationToken cancellation)
    {
        if (names.Length > 0 || FindConfigHere() is not { } config)
            return names;
        return await manager.FindKnownNameAsync(config, cancellation) is { } name ? [name] : throw new ServiceCtlException(
            ErrorCode.ServiceNotFound, config, "The service of this folder is not registered, so nothing is known of it.", "Start it, or register it with 'servicectl register'.");
    }

    /// <summary>The names as given; without any, the service of the current folder, which is made known if it was not.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no name, and the folder is no service's.</exception>
    public static async Task<IReadOnlyList<string>> SelectAsync(ServiceManager manager, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        if (names.Count > 0)
            return names;

        var folder = ServiceManager.ResolvePath(".");
        if (ServiceManager.FindConfig(folder) is not { } config)
        {
            throw new ServiceCtlException(
                ErrorCode.InvalidArgument, folder, "No service was named, and this folder is not a service's: it has no config.yaml. Nothing was done.",
                "Name services (or '*' for all), or go to a service's folder.");
        }

        return [(await manager.RegisterAsync(config, name: null, cancellation)).Name];
    }
}
