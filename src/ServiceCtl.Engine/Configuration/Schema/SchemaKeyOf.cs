namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>A <see cref="SchemaKey"/> whose value is read as <typeparamref name="T"/>.</summary>
public sealed class SchemaKey<T> : SchemaKey
    where T : notnull
{
    public SchemaKey(string path, ConfigType<T> type, string description)
        : base(path, type, description)
    {
    }
}
