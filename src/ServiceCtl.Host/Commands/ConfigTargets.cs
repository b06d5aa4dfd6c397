using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Host.Syntax;

namespace ServiceCtl.Host.Commands;

/// <summary>Which configurations a command line is about.</summary>
internal static class ConfigTargets
{
    /// <summary>
    /// Words with a slash or the name of a file are paths, others are names; none at all: this folder's service, elsewhere all.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ServiceNotFound"/>: a name that is not registered.</exception>
    public static async Task<IReadOnlyList<ConfigQuery>> FindAsync(
        ServiceCtlClient client, string[] words, ConfigQuery query, CancellationToken cancellation)
    {
        // Places to search are some folder's: this one's.
        if (words.Length == 0 && (query.Sources.Count > 0 ? "." : Services.FindConfigHere()) is { } here)
            words = [here];
        var paths = words.Where(IsPath).ToArray();
        var names = words.Except(paths).ToArray();
        var known = await client.Catalog.FindConfigurationsAsync(cancellation);
        var targets = paths.Select(
            path => Of(known.FirstOrDefault(service => ServiceFolder.IsOf(service.ConfigPath, ServiceFolder.Resolve(path))), path))
            .ToList();
        if (names.Length > 0 || words.Length == 0)
        {
            var (selected, missing) = ServiceSelection.Select(names, [.. known.Select(service => service.Name)]);
            if (missing.Count > 0)
                throw new ServiceCtlException(ServiceSelection.UnknownService(missing[0]));
            targets.AddRange(
                selected.Select(name => known.First(service => service.Name == name)).Select(service => Of(service, service.ConfigPath)));
        }

        return targets;

        ConfigQuery Of((string? Name, string ConfigPath, IReadOnlyList<string> Sources) service, string path) =>
            query with { Service = service.Name, Path = path, Sources = query.Sources.Count > 0 ? query.Sources : service.Sources ?? [] };
    }

    private static bool IsPath(string word) => word.Contains('/') || word is "." or ".." || File.Exists(word);
}
