using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>A configuration that is composed and right: raw values with their origins, and the schema's keys as typed values.</summary>
public sealed class ResolvedConfiguration
{
    private readonly IReadOnlyDictionary<string, BoundValue> _bound;

    internal ResolvedConfiguration(
        ConfigMapping root, ConfigurationSchema schema, IReadOnlyDictionary<string, BoundValue> bound,
        IReadOnlyList<ConfigurationProblem> warnings)
    {
        Root = root;
        Schema = schema;
        _bound = bound;
        Warnings = warnings;
    }

    /// <summary>Where a file is now that a path means: behind a link that is still to be moved, in the release it will lead to.</summary>
    internal Func<string, string> WhereIs { get; set; } = path => path;

    /// <summary>Everything that was written, also the keys that the schema doesn't know.</summary>
    public ConfigMapping Root { get; }

    public ConfigurationSchema Schema { get; }

    /// <summary>What is no fault but looks like one: deprecated keys, probable slips.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings { get; }

    /// <summary>The value, or the key's default.</summary>
    /// <exception cref="InvalidOperationException">Nothing is written and there is no default; ask with <see cref="TryGet"/>.</exception>
    public T Get<T>(SchemaKey<T> key)
        where T : notnull =>
        TryGet(key, out var value) ? value : throw new InvalidOperationException($"`{key.Path}` is not set and has no default.");

    /// <summary>The value or the key's default; false when there is neither.</summary>
    public bool TryGet<T>(SchemaKey<T> key, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        if (_bound.TryGetValue(key.Path, out var bound))
        {
            value = (T)bound.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The value or the key's default; null when there is neither.</summary>
    public T? GetOrNull<T>(SchemaKey<T> key)
        where T : class => TryGet(key, out var value) ? value : null;

    /// <summary>As <see cref="GetOrNull"/>, for numbers, booleans, durations.</summary>
    public T? GetNullable<T>(SchemaKey<T> key)
        where T : struct => TryGet(key, out var value) ? value : null;

    /// <summary>Whether somebody wrote it, so that it is not the default.</summary>
    public bool IsSet(SchemaKey key) => _bound.TryGetValue(key.Path, out var bound) && bound.IsSet;

    /// <summary>The converted value or default, whatever its type; null when there is neither.</summary>
    internal object? ValueOf(SchemaKey key) => _bound.GetValueOrDefault(key.Path)?.Value;

    /// <summary>The raw value at a dotted path, whether the schema knows it or not; null when there is none.</summary>
    public ConfigValue? Find(string path) => Root.Find(path);

    /// <summary>Where a key is written, or the section that would hold it.</summary>
    public Origin OriginOf(SchemaKey key) => SchemaBinder.NearestOrigin(Root, key.Path);

    /// <summary>
    /// A fault that only the reader of the values can see (two keys that exclude each other), told in the same form as all others.
    /// </summary>
    public ConfigurationProblem Problem(SchemaKey key, string message, string advice)
    {
        var origin = OriginOf(key);
        return new ConfigurationProblem
        {
            Source = origin.Source,
            Line = origin.Line,
            Column = origin.Column,
            Key = key.Path,
            Message = message,
            Advice = advice,
        };
    }
}
