using ServiceCtl.Engine.Configuration.Schema;

namespace ServiceCtl.Engine.Services.Keys;

/// <summary>
/// Keys in the order in which they are declared: to declare one is all it takes to have it in the schema, the reference and the templates.
/// </summary>
internal sealed class KeyList(params SchemaSection[] sections)
{
    private readonly List<SchemaKey> _keys = [];

    public IReadOnlyList<SchemaSection> Sections => sections;

    public IReadOnlyList<SchemaKey> Keys => _keys;

    public SchemaKey<T> Add<T>(SchemaKey<T> key)
        where T : notnull
    {
        _keys.Add(key);
        return key;
    }
}
