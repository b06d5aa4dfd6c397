namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A mapping in the making, for formats that may write its keys in any order.</summary>
internal sealed class TableBuilder
{
    private readonly OrderedDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    public TableBuilder(Origin origin, int depth = 1)
    {
        Origin = origin;
        Depth = depth;
    }

    /// <summary>What a key holds: a value, a table, or a list of tables.</summary>
    public readonly record struct Slot(Origin KeyOrigin, object Content);

    public Origin Origin { get; }

    /// <summary>Levels from the root, which is 1.</summary>
    public int Depth { get; }

    public Slot? Find(string key) => _slots.TryGetValue(key, out var slot) ? slot : null;

    public void Set(string key, Origin keyOrigin, object content) => _slots.Add(key, new Slot(keyOrigin, content));

    /// <summary>Sets the value at a path, making the mappings on the way.</summary>
    /// <returns>Null when it went well; else the place of what stands there already.</returns>
    public Origin? Add(ReadOnlySpan<string> path, Origin keyOrigin, ConfigValue value)
    {
        var table = this;
        foreach (var name in path[..^1])
        {
            if (!table._slots.TryGetValue(name, out var slot))
                table._slots.Add(name, slot = new Slot(keyOrigin, new TableBuilder(keyOrigin)));
            if (slot.Content is not TableBuilder inner)
                return slot.KeyOrigin;
            table = inner;
        }

        return table._slots.TryAdd(path[^1], new Slot(keyOrigin, value)) ? null : table._slots[path[^1]].KeyOrigin;
    }

    public ConfigMapping Build() => new(
        _slots.Select(slot => new ConfigEntry(slot.Key, slot.Value.KeyOrigin, slot.Value.Content switch
        {
            TableBuilder table => table.Build(),
            List<TableBuilder> tables => new ConfigSequence([.. tables.Select(table => table.Build())], tables[0].Origin),
            var value => (ConfigValue)value,
        })),
        Origin);
}
