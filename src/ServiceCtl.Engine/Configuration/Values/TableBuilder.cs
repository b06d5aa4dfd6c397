namespace ServiceCtl.Engine.Configuration;

/// <summary>A mapping in the making, for formats that may write its keys in any order.</summary>
internal sealed class TableBuilder
{
    private readonly OrderedDictionary<string, (Origin KeyOrigin, object Value)> _entries = new(StringComparer.Ordinal);

    public TableBuilder(Origin origin) => Origin = origin;

    public Origin Origin { get; set; }

    /// <summary>Sets the value at a path, making the mappings on the way.</summary>
    /// <returns>Null when it went well; else the place of what stands there already.</returns>
    public Origin? Add(ReadOnlySpan<string> path, Origin keyOrigin, ConfigValue value)
    {
        var table = this;
        foreach (var name in path[..^1])
        {
            if (!table._entries.TryGetValue(name, out var below))
                table._entries.Add(name, below = (keyOrigin, new TableBuilder(keyOrigin)));
            if (below.Value is not TableBuilder inner)
                return below.KeyOrigin;
            table = inner;
        }

        return table._entries.TryAdd(path[^1], (keyOrigin, value)) ? null : table._entries[path[^1]].KeyOrigin;
    }

    public ConfigMapping Build() => new(
        _entries.Select(entry => new ConfigEntry(
            entry.Key, entry.Value.KeyOrigin, entry.Value.Value as ConfigValue ?? ((TableBuilder)entry.Value.Value).Build())),
        Origin);
}
