using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>All keys that are known, in the order the reference lists them.</summary>
public sealed class ConfigurationSchema
{
    private readonly Dictionary<string, SchemaKey> _keys = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A key or section is described twice, or a key has keys below it.</exception>
    public ConfigurationSchema(IEnumerable<SchemaSection> sections, IEnumerable<SchemaKey> keys)
    {
        Sections = [.. sections];
        Keys = [.. keys];
        foreach (var key in Keys)
        {
            _keys.Add(key.Path, key);
            NodeFor(key.Path).Key = key;
        }

        foreach (var section in Sections)
        {
            var node = section.Path.Length == 0 ? Root : NodeFor(section.Path);
            if (node.Key is not null || node.Section is not null)
                throw new ArgumentException($"`{section.Path}` is described twice.", nameof(sections));
            node.Section = section;
        }

        if (Keys.FirstOrDefault(key => NodeFor(key.Path).Names.Count > 0) is { } parent)
            throw new ArgumentException($"`{parent.Path}` is a key and has keys below it.", nameof(keys));
    }

    public IReadOnlyList<SchemaSection> Sections { get; }

    public IReadOnlyList<SchemaKey> Keys { get; }

    internal SchemaNode Root { get; } = new();

    public SchemaKey? Find(string path) => _keys.GetValueOrDefault(path);

    internal SchemaNode NodeOf(SchemaKey key) => NodeFor(key.Path);

    private SchemaNode NodeFor(string path) =>
        KeyPath.Split(path).Aggregate(Root, (node, segment) => node.ChildOrNew(segment.Name!));
}
