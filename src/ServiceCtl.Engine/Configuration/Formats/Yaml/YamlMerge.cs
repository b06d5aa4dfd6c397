using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Formats.Yaml;

/// <summary>Merge keys: <c>&lt;&lt;: *name</c> gives a mapping the keys of another one that it does not write itself.</summary>
/// <remarks>https://yaml.org/type/merge.html</remarks>
internal sealed class YamlMerge
{
    private readonly ProblemList _problems;
    private long _nodes;

    public YamlMerge(ProblemList problems) => _problems = problems;

    /// <summary>Adds the keys of a mapping, or of a list of them. One that several have is taken from the first.</summary>
    public void Add(ConfigValue value, Origin origin, OrderedDictionary<string, ConfigEntry> merged)
    {
        IEnumerable<ConfigValue> mappings = value is ConfigSequence sequence ? sequence.Items : [value];
        foreach (var item in mappings)
        {
            if (item is not ConfigMapping mapping)
            {
                _problems.Add(origin, "<<", $"`<<` merges mappings, and this is {item.Description}.",
                    "Write `<<: *name` where `&name` marks a mapping.");
                continue;
            }

            _nodes += mapping.Count;
            if (_nodes > ConfigurationLimits.Nodes)
                throw TooMany(origin);
            foreach (var entry in mapping.Entries)
                merged.TryAdd(entry.Key, entry);
        }
    }

    /// <summary>A mapping's own keys over merged ones.</summary>
    public static IEnumerable<ConfigEntry> Overlay(OrderedDictionary<string, ConfigEntry> merged, IEnumerable<ConfigEntry> own)
    {
        foreach (var entry in own)
        {
            merged[entry.Key] = merged.TryGetValue(entry.Key, out var below)
                ? entry with { Value = entry.Value.Replacing(below.Value) }
                : entry;
        }

        return merged.Values;
    }

    public static MalformedSourceException TooMany(Origin origin) => new(
        origin, $"The file holds more than {ConfigurationLimits.Nodes:N0} keys and values, each alias counted as what it names.",
        "Remove aliases of aliases, or split the file.");
}
