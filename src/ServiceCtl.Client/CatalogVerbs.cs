using ServiceCtl.Client.Api;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Client;

/// <summary>Which services this host knows: from the agent if one runs, else from the catalog on disk. Starts no agent.</summary>
public sealed class CatalogVerbs
{
    private readonly AgentConnection _agent;

    internal CatalogVerbs(AgentConnection agent)
    {
        _agent = agent;
    }

    /// <summary>The registered services by name, with their configurations and where those are searched: from the agent if one runs, else from the catalog on disk.</summary>
    public async Task<IReadOnlyList<(string Name, string ConfigPath, IReadOnlyList<string> Sources)>> FindConfigurationsAsync(CancellationToken cancellation) =>
        await _agent.Api.TryGetInfoAsync(cancellation) is null
            ? [.. ServiceCatalog.Peek(_agent.Paths.Catalog).Select(entry => (entry.Name, entry.ConfigPath, entry.Sources ?? [])).OrderBy(entry => entry.Name, StringComparer.Ordinal)]
            : [.. (await _agent.Api.GetServicesAsync([], cancellation)).Select(service => (service.Name, service.ConfigPath, service.Sources))];

    /// <summary>The names of the known services that the patterns select, in order; all for no pattern. Starts no agent.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/> for a literal name that is not known.</exception>
    public async Task<IReadOnlyList<string>> GetNamesAsync(IReadOnlyList<string> patterns, CancellationToken cancellation) =>
        [.. (await SelectAsync(patterns, cancellation)).Select(service => service.Name)];

    /// <summary>The known service whose folder or configuration file this is; null when there is none. Starts no agent.</summary>
    public async Task<string?> FindNameAsync(string path, CancellationToken cancellation) => (await ReadAsync(cancellation))
        .FirstOrDefault(service => ServiceSources.IsOf(service.ConfigPath, path))?.Name;

    internal async Task<IReadOnlyList<CatalogEntry>> SelectAsync(IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var known = (await ReadAsync(cancellation)).ToDictionary(service => service.Name);
        var (names, missing) = NamePattern.Select(patterns, [.. known.Keys.Order(StringComparer.Ordinal)]);
        return missing.Count == 0 ? [.. names.Select(name => known[name])] : throw NamePattern.NotFound(missing[0]);
    }

    /// <summary>A running agent knows best; without one, its catalog is on disk.</summary>
    private async Task<IReadOnlyList<CatalogEntry>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return [.. (await _agent.Api.GetServicesAsync([], cancellation)).Select(service => new CatalogEntry(service.Name, service.ConfigPath, Sources: service.Sources))];
        }
        catch (ServiceCtlException error) when (error.Code is ErrorCode.AgentUnreachable)
        {
            return ServiceCatalog.Peek(_agent.Paths.Catalog);
        }
    }
}
