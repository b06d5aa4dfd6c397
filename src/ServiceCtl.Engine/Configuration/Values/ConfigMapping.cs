using System.Diagnostics.CodeAnalysis;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>Keys with values, in the order they were written.</summary>
public sealed class ConfigMapping : ConfigValue
{
    private readonly OrderedDictionary<string, ConfigEntry> _entries;

    /// <exception cref="ArgumentException">A key appears twice.</exception>
    public ConfigMapping(IEnumerable<ConfigEntry> entries, Origin origin)
        : this(Index(entries), origin)
    {
    }

    private ConfigMapping(OrderedDictionary<string, ConfigEntry> entries, Origin origin)
        : base(
            origin,
            1 + entries.Values.Sum(entry => entry.Value.NodeCount),
            1 + entries.Values.Select(entry => entry.Value.Depth).DefaultIfEmpty().Max())
    {
        _entries = entries;
    }

    private ConfigMapping(ConfigMapping other, ConfigValue overrode)
        : base(other.Origin, other.NodeCount, other.Depth)
    {
        _entries = other._entries;
        Overrode = overrode;
    }

    public IReadOnlyList<ConfigEntry> Entries => _entries.Values;

    public int Count => _entries.Count;

    public override string Description => "a mapping";

    public static ConfigMapping Empty(Origin origin) => new(Enumerable.Empty<ConfigEntry>(), origin);

    public ConfigEntry? Entry(string key) => _entries.GetValueOrDefault(key);

    public bool TryGet(string key, [NotNullWhen(true)] out ConfigValue? value)
    {
        value = Entry(key)?.Value;
        return value is not null;
    }

    /// <summary>The entry at a dotted path (<see cref="KeyPath"/>); null when there is none.</summary>
    public ConfigEntry? EntryAt(string path)
    {
        ConfigEntry? entry = null;
        ConfigValue? value = this;
        foreach (var segment in KeyPath.Split(path))
        {
            entry = (value, segment) switch
            {
                (ConfigMapping mapping, { Name: { } name }) => mapping.Entry(name),
                (ConfigSequence sequence, { Index: { } index }) when index < sequence.Items.Count =>
                    new ConfigEntry(segment.ToString(), sequence.Items[index].Origin, sequence.Items[index]),
                _ => null,
            };
            if (entry is null)
                return null;
            value = entry.Value;
        }

        return entry;
    }

    /// <summary>The value at a dotted path, as <c>uwsgi.stats</c> or <c>TAGS[0]</c>; null when there is none.</summary>
    public ConfigValue? Find(string path) => EntryAt(path)?.Value;

    public override bool HasSameContentAs(ConfigValue other) =>
        ReferenceEquals(this, other)
        || (other is ConfigMapping mapping
            && mapping.Count == Count
            && Entries.All(entry => mapping.TryGet(entry.Key, out var value) && entry.Value.HasSameContentAs(value)));

    public override string ToString() => $"{{{string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";

    internal override ConfigValue Replacing(ConfigValue lower) => new ConfigMapping(this, Overrode?.Replacing(lower) ?? lower);

    private static OrderedDictionary<string, ConfigEntry> Index(IEnumerable<ConfigEntry> entries)
    {
        var index = new OrderedDictionary<string, ConfigEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
            index.Add(entry.Key, entry);
        return index;
    }
}
