using System.Runtime.Versioning;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Folders of services, and the paths that people write. Asks no agent.</summary>
public static class ServiceFolder
{
    /// <summary>Is this folder a service's, and which configuration file makes it one? Asks no agent.</summary>
    [SupportedOSPlatform("linux")]
    public static string? FindConfig(string folder) => ServiceSources.FindConfig(folder);

    /// <summary>Is this absolute path the configuration file of a service, or its folder? Links on the way make no difference.</summary>
    [SupportedOSPlatform("linux")]
    public static bool IsOf(string configPath, string path) => ServiceSources.IsOf(configPath, path);

    /// <summary>
    /// Where this process works, by the name that its user went there by, links and all; null when that folder was deleted.
    /// </summary>
    public static string? Current => LocalHost.HasServices ? CurrentFolder.TryGet() : Directory.GetCurrentDirectory();

    /// <summary>The absolute path of one that was written, relative to <see cref="Current"/>.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidState"/>: the current folder was deleted.</exception>
    public static string Resolve(string path) =>
        LocalHost.HasServices ? CurrentFolder.Resolve(path) : Path.GetFullPath(path);
}
