using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Engine.Services;

/// <summary>
/// Files and folders that a configuration names and this host does not have. They hinder no start, and are slips as often as not.
/// </summary>
public static class ConfiguredPlaces
{
    /// <summary>What is missing now, each in a sentence.</summary>
    public static IReadOnlyList<string> Missing(ServiceDefinition definition) =>
        [.. Look(definition).Select(place => $"{place.Message} {place.Advice}")];

    /// <summary>The same with the places in the configuration.</summary>
    internal static IReadOnlyList<ConfigurationProblem> Missing(ServiceDefinition definition, ResolvedConfiguration configuration) =>
        [.. Look(definition).Select(place => configuration.Problem(place.Key, place.Message, place.Advice))];

    private static IEnumerable<(SchemaKey Key, string Message, string Advice)> Look(ServiceDefinition definition)
    {
        if (definition.ApiDirectory is { } api && !Directory.Exists(api))
        {
            yield return (
                PathKeys.ApiDirectory, $"The folder {api} of api_directory does not exist{(File.Exists(api) ? ": it is a file" : "")}.",
                $"The service's folder is {definition.Folder}; '.' stands for it.");
        }

        (SchemaKey Key, string? File)[] files =
        [
            (PathKeys.PidFile, definition.PidFile),
            (PathKeys.NohupOutLog, definition.Messages.File),
            (JsonLogKeys.File, definition.JsonLog?.File),
        ];
        foreach (var (key, file) in files)
        {
            if (file is not null && Path.GetDirectoryName(file) is { } folder && !Directory.Exists(folder) && !IsMade(definition, folder))
                yield return (key, $"The folder {folder}, where {key.Path} is to be, does not exist.",
                    "It is made when it is needed. Correct the path, or name the folder in directories_to_create.");
        }
    }

    private static bool IsMade(ServiceDefinition definition, string folder) =>
        definition.DirectoriesToCreate.Any(made => $"{made.TrimEnd('/')}/".StartsWith($"{folder.TrimEnd('/')}/", StringComparison.Ordinal));
}
