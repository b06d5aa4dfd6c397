using System.Collections;
using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Client.Hosts;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Manifests;
using ServiceCtl.Engine.Manifests.Writing;
using ServiceCtl.Engine.Manifests.Importing;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Client;

/// <summary>Services as files by which compose, a swarm or Kubernetes run them, and made of a compose file. Asks no agent.</summary>
public sealed class ManifestVerbs
{
    private readonly AgentConnection _agent;
    private readonly CatalogVerbs _catalog;

    internal ManifestVerbs(AgentConnection agent, CatalogVerbs catalog)
    {
        _agent = agent;
        _catalog = catalog;
    }

    /// <summary>Makes the files for services and all that they require.</summary>
    /// <param name="names">Registered services.</param>
    /// <param name="order">What is to be made.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/>;
    /// <see cref="ErrorCode.FileExists"/>: then nothing was written; <see cref="ErrorCode.System"/>.</exception>
    public async Task<IReadOnlyList<PyServiceManifest>> MakeAsync(
        IReadOnlyList<string> names, ManifestOrder order, CancellationToken cancellation)
    {
        if (_agent.Host is { } host)
            return await MakeThereAsync(host, names, order, cancellation);
        return LocalHost.HasServices ? await MakeHereAsync(names, order, cancellation) : throw LocalHost.Unsupported();
    }

    /// <summary>Makes a folder with a configuration for each service of a compose file, and overwrites nothing.</summary>
    /// <param name="path">The compose file, or the folder that it is in.</param>
    /// <param name="destination">The folder that gets them; null for that of the file.</param>
    /// <param name="isWritten">False: it is only looked what would be made.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>; <see cref="ErrorCode.ConfigInvalid"/> with every
    /// fault; <see cref="ErrorCode.FileExists"/>: then nothing was written; <see cref="ErrorCode.System"/>.</exception>
    [SupportedOSPlatform("linux")]
    public static IReadOnlyList<PyServiceImport> ImportCompose(
        string path, string? destination, bool isWritten, CancellationToken cancellation)
    {
        var whole = ServiceFolder.Resolve(path);
        var file = !Directory.Exists(whole) ? whole : ComposeImport.Find(whole) ?? throw new ServiceCtlException(
            ErrorCode.ConfigNotFound, whole, $"There is no compose file in {whole}.",
            "compose.yaml, compose.yml, docker-compose.yaml and docker-compose.yml are looked for; name another.");
        var read = ComposeImport.Read(
            file, destination is null ? Path.GetDirectoryName(file)! : ServiceFolder.Resolve(destination), Variables(), cancellation);
        if (isWritten)
            ComposeImport.Write([.. read.Select(each => each.Service)]);
        return [.. read.Select(each => new PyServiceImport
        {
            Name = each.Service.Name,
            Source = each.Service.Source,
            Path = each.Service.Folder,
            ConfigPath = ComposeImport.ConfigPathOf(each.Service),
            Content = each.Service.Text(shown: true),
            IsWritten = isWritten,
            Warnings = each.Warnings,
        })];
    }

    [SupportedOSPlatform("linux")]
    private async Task<IReadOnlyList<PyServiceManifest>> MakeHereAsync(
        IReadOnlyList<string> names, ManifestOrder order, CancellationToken cancellation)
    {
        var known = (await _catalog.SelectAsync([], cancellation)).ToDictionary(service => service.Name, StringComparer.Ordinal);
        var readings = new Dictionary<string, ServiceReading>(StringComparer.Ordinal);
        var waiting = new Queue<string>(names);
        while (waiting.TryDequeue(out var name))
        {
            if (readings.ContainsKey(name) || !known.TryGetValue(name, out var service))
                continue;
            readings[name] = await _catalog.ReadAsync(service, cancellation);
            foreach (var requirement in readings[name].Definition.Requires)
                waiting.Enqueue(requirement);
        }

        var ordered = DependencyOrder.WithRequirements(names, name => readings.GetValueOrDefault(name)?.Definition.Requires);
        var root = order.Folder is null ? ServiceFolder.Current : ServiceFolder.Resolve(order.Folder);
        var made = ManifestMaker.Make([.. ordered.Select(name => readings[name])],
            new ManifestRequest(order.Target, root, order.StackName, order.HostPorts));
        return order.Folder is null ? made : Placed(made, root!, order.Force);
    }

    [SupportedOSPlatform("linux")]
    private static PyServiceManifest[] Placed(IReadOnlyList<PyServiceManifest> made, string folder, bool force)
    {
        PyServiceManifest[] placed = [.. made.Select(manifest => manifest with { Path = Path.Combine(folder, manifest.FileName) })];
        foreach (var manifest in force ? [] : placed)
            PlacedFile.RequireFree(manifest.Path!, manifest.Content);
        foreach (var manifest in placed)
            PlacedFile.Write(manifest.Path!, manifest.Content, FileModes.Readable);
        return placed;
    }

    private static async Task<IReadOnlyList<PyServiceManifest>> MakeThereAsync(
        PyServiceHost host, IReadOnlyList<string> names, ManifestOrder order, CancellationToken cancellation)
    {
        var reply = await HostCommand.AskAsync(host,
            ["manifest", order.Target.ToString().ToLowerInvariant(), "--json", .. HostCommand.Value("--destination", order.Folder),
                .. HostCommand.Flag("--force", order.Force), .. HostCommand.Value("--stack", order.StackName),
                .. HostCommand.Flag("--host-ports", order.HostPorts), "--", .. names],
            AgentJson.Default.IReadOnlyListPyServiceManifest, cancellation);
        return reply.Whole;
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
