using ServiceCtl.Engine.Configuration.Problems;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>A <see cref="SchemaKey"/> whose value is read as <typeparamref name="T"/>.</summary>
public sealed class SchemaKey<T> : SchemaKey
    where T : notnull
{
    private readonly ConfigType<T> _type;
    private object? _usual;

    public SchemaKey(string path, ConfigType<T> type, string description)
        : base(path, type, description)
    {
        _type = type;
    }

    /// <summary>The default as it is read; only for a key that has one.</summary>
    public T Usual => (T)(_usual ??= Read());

    private object Read() =>
        DefaultValue is { } value && _type.TryConvert(value, new ConversionContext(Path, null, IsSecret, "/", new ProblemList()),
            out var read)
            ? read
            : throw new InvalidOperationException($"`{Path}` has no default.");
}
