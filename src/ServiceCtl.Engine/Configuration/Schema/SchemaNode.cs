using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>A place in the tree of a schema: a section with children, or a key.</summary>
internal sealed class SchemaNode
{
    private readonly OrderedDictionary<string, SchemaNode> _children = new(StringComparer.Ordinal);

    public SchemaNode()
    {
    }

    private SchemaNode(string name, SchemaNode parent)
    {
        Name = name;
        Path = KeyPath.Join(parent.Path, name);
        Parent = parent;
    }

    /// <summary>Within its parent; empty for the root.</summary>
    public string Name { get; } = "";

    /// <summary>Null for the root.</summary>
    public SchemaNode? Parent { get; }

    public string Path { get; } = "";

    public SchemaKey? Key { get; set; }

    public SchemaSection? Section { get; set; }

    public bool IsClosed => Section is { IsClosed: true };

    public IReadOnlyCollection<string> Names => _children.Keys;

    public IReadOnlyCollection<SchemaNode> Children => _children.Values;

    public SchemaNode? Child(string name) => _children.GetValueOrDefault(name);

    public SchemaNode ChildOrNew(string name)
    {
        if (!_children.TryGetValue(name, out var child))
            _children.Add(name, child = new SchemaNode(name, this));
        return child;
    }
}
