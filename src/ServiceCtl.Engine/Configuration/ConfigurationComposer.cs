namespace ServiceCtl.Engine.Configuration;

/// <summary>
/// Lays configurations over each other. Mappings are merged key by key, however deep; scalars and lists are replaced whole,
/// and remember what they replaced. A null that was written replaces as well: it takes a value back to its default.
/// </summary>
public static class ConfigurationComposer
{
    /// <param name="lowestFirst">Later ones win. New keys follow the ones that are there, in their own order.</param>
    public static ConfigMapping Compose(IReadOnlyList<ConfigMapping> lowestFirst) => lowestFirst switch
    {
        [] => ConfigMapping.Empty(Origin.Default),
        _ => lowestFirst.Skip(1).Aggregate(lowestFirst[0], Overlay),
    };

    private static ConfigMapping Overlay(ConfigMapping lower, ConfigMapping higher)
    {
        if (lower.Count == 0)
            return higher;
        if (higher.Count == 0)
            return lower;

        var entries = new OrderedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        foreach (var entry in lower.Entries)
            entries.Add(entry.Key, entry);
        foreach (var entry in higher.Entries)
        {
            entries[entry.Key] = !entries.TryGetValue(entry.Key, out var below) ? entry : entry with
            {
                Value = (below.Value, entry.Value) switch
                {
                    (ConfigMapping left, ConfigMapping right) => Overlay(left, right),
                    (var left, var right) => right.Replacing(left),
                },
            };
        }

        return new ConfigMapping(entries.Values, higher.Origin);
    }
}
