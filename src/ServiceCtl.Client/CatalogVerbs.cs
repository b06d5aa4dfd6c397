using System.Runtime.Versioning;
using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;
using ServiceCtl.Engine.Services.Catalog;

namespace ServiceCtl.Client;

/// <summary>Which services this host knows: from the agent if one runs, else from the catalog on disk. Starts no agent.</summary>
public sealed class CatalogVerbs
{
    private readonly AgentConnection _agent;

    internal CatalogVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>
    /// The registered services by name, with their configurations and where those are searched: from the agent if one runs, else from the
    /// catalog on disk.
    /// </summary>
    public async Task<IReadOnlyList<(string Name, string ConfigPath, IReadOnlyList<string> Sources)>> FindConfigurationsAsync(
        CancellationToken cancellation) =>
        [.. (await ReadAsync(cancellation)).Select(service => (service.Name, service.ConfigPath, service.Sources ?? []))
            .OrderBy(service => service.Name, StringComparer.Ordinal)];

    /// <summary>The names of the known services that the patterns select, in order; all for no pattern. Starts no agent.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public async Task<IReadOnlyList<string>> GetNamesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        [.. (await SelectAsync(patterns, cancellation)).Select(service => service.Name)];

    /// <summary>The known service whose folder or configuration file this is; null when there is none. Starts no agent.</summary>
    [SupportedOSPlatform("linux")]
    public async Task<string?> FindNameAsync(string path, CancellationToken cancellation) => (await ReadAsync(cancellation))
        .FirstOrDefault(service => ServiceSources.IsOf(service.ConfigPath, path))?.Name;

    internal async Task<IReadOnlyList<KnownService>> SelectAsync(IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var known = (await ReadAsync(cancellation)).ToDictionary(service => service.Name);
        var (names, missing) = NamePattern.Select(patterns, [.. known.Keys.Order(StringComparer.Ordinal)]);
        return missing.Count == 0 ? [.. names.Select(name => known[name])] : throw NamePattern.NotFound(missing[0]);
    }

    /// <summary>One known service, by its name alone. Starts no agent.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>.</exception>
    internal async Task<KnownService> GetOneAsync(string name, CancellationToken cancellation) =>
        (await ReadAsync(cancellation)).FirstOrDefault(service => service.Name == name) ?? throw NamePattern.NotFound(name);

    /// <summary>
    /// What a known service's configuration says, taken as the agent takes it: from the sources, and with the user, that it was registered
    /// with.
    /// </summary>
    /// <exception cref="ServiceCtlException">
    /// <see cref="ErrorCode.ConfigInvalid"/>; <see cref="ErrorCode.AccessDenied"/>: others than root want to decide whom root runs it as.
    /// </exception>
    [SupportedOSPlatform("linux")]
    internal async Task<ServiceDefinition> ReadDefinitionAsync(KnownService service, CancellationToken cancellation) =>
        (await ReadAsync(service, cancellation)).Definition;

    /// <summary>The same, with the configuration that it was made of.</summary>
    /// <inheritdoc cref="ReadDefinitionAsync"/>
    [SupportedOSPlatform("linux")]
    internal async Task<ServiceReading> ReadAsync(KnownService service, CancellationToken cancellation)
    {
        _agent.RequireHere();
        // An agent does not say it.
        var pinned = Environment.IsPrivilegedProcess
            ? ServiceCatalog.Peek(_agent.Paths.Catalog).FirstOrDefault(entry => entry.Name == service.Name)?.User : null;
        var reading = await ServiceDefinitionReader.ReadWithConfigurationAsync(service.ConfigPath, service.Name, cancellation,
            SourceRequest.Of(service.Sources ?? []) with { User = pinned });
        if (Environment.IsPrivilegedProcess)
            PinnedUser.Require(reading, pinned);
        return reading;
    }

    internal static KnownService EntryOf(PyService service) => new(service.Name, service.ConfigPath, service.Sources, User: null);

    /// <summary>A running agent knows best; without one, its catalog is on disk.</summary>
    private async Task<IReadOnlyList<KnownService>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return [.. (await _agent.Api.GetServicesAsync([], cancellation)).Select(EntryOf)];
        }
        catch (ServiceCtlException error) when (error.Code is ErrorCode.AgentUnreachable)
        {
            return LocalHost.HasServices ? ReadFromDisk() : throw LocalHost.Unsupported();
        }
    }

    [SupportedOSPlatform("linux")]
    private IReadOnlyList<KnownService> ReadFromDisk() => [.. ServiceCatalog.Peek(_agent.Paths.Catalog)
        .Select(entry => new KnownService(entry.Name, entry.ConfigPath, entry.Sources, entry.User))];
}
