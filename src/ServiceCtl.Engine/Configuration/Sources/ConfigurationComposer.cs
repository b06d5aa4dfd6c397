using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// Lays configurations over each other. Mappings are merged key by key, however deep; scalars and lists are replaced whole,
/// and remember what they replaced. A null that was written replaces as well: it takes a value back to its default.
/// </summary>
public sealed class ConfigurationComposer
{
    private readonly ProblemList? _duplicates;

    private ConfigurationComposer(ProblemList? duplicates) => _duplicates = duplicates;

    /// <param name="lowestFirst">Later ones win. New keys follow the ones that are there, in their own order.</param>
    public static ConfigMapping Compose(IReadOnlyList<ConfigMapping> lowestFirst) => new ConfigurationComposer(null).Merge(lowestFirst, "");

    /// <summary>
    /// As <see cref="Compose"/>, for sources that should not give the same key: each that does is a problem that names both places.
    /// </summary>
    public static ConfigMapping ComposeDistinct(IReadOnlyList<ConfigMapping> lowestFirst, ProblemList problems) =>
        new ConfigurationComposer(problems).Merge(lowestFirst, "");

    private ConfigMapping Merge(IReadOnlyList<ConfigMapping> layers, string path)
    {
        var filled = layers.Where(layer => layer.Count > 0).ToList();
        if (filled.Count <= 1)
            return filled.Count == 1 ? filled[0] : layers.Count == 0 ? ConfigMapping.Empty(Origin.Default) : layers[^1];

        var given = new OrderedDictionary<string, List<ConfigEntry>>(StringComparer.Ordinal);
        foreach (var entry in filled.SelectMany(layer => layer.Entries))
        {
            if (given.TryGetValue(entry.Key, out var entries))
                entries.Add(entry);
            else
                given.Add(entry.Key, [entry]);
        }

        return new ConfigMapping(given.Values.Select(entries => entries.Count == 1 ? entries[0] : Merge(entries, path)), filled[^1].Origin);
    }

    /// <summary>Neighbours that are mappings are merged; everything else replaces what is below it.</summary>
    private ConfigEntry Merge(List<ConfigEntry> entries, string path)
    {
        var below = KeyPath.Join(path, entries[0].Key);
        ConfigValue? value = null;
        for (var index = 0; index < entries.Count;)
        {
            var mappings = entries.Skip(index).Select(entry => entry.Value).TakeWhile(next => next is ConfigMapping)
                .Cast<ConfigMapping>().ToList();
            if (index > 0)
                ReportDuplicate(entries[index], entries[index - 1], below);
            var next = mappings.Count > 0 ? Merge(mappings, below) : entries[index].Value;
            value = value is null ? next : next.Replacing(value);
            index += Math.Max(1, mappings.Count);
        }

        return entries[^1] with { Value = value! };
    }

    private void ReportDuplicate(ConfigEntry entry, ConfigEntry first, string path) => _duplicates?.Add(
        entry.KeyOrigin, path, $"The key `{path}` is given twice, first at {first.KeyOrigin.Place}.",
        "Keep one of them, or let the last one win (`service.sources.on_duplicate: last`).");
}
