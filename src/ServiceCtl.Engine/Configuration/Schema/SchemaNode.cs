namespace ServiceCtl.Engine.Configuration;

/// <summary>A place in the tree of a schema: a section with children, or a key.</summary>
internal sealed class SchemaNode
{
    private readonly OrderedDictionary<string, SchemaNode> _children = new(StringComparer.Ordinal);

    public SchemaNode(string path) => Path = path;

    public string Path { get; }

    public SchemaKey? Key { get; set; }

    public SchemaSection? Section { get; set; }

    public bool IsClosed => Section is { IsClosed: true };

    public IReadOnlyCollection<string> Names => _children.Keys;

    public SchemaNode? Child(string name) => _children.GetValueOrDefault(name);

    public SchemaNode ChildOrNew(string name)
    {
        if (!_children.TryGetValue(name, out var child))
            _children.Add(name, child = new SchemaNode(KeyPath.Join(Path, name)));
        return child;
    }
}
