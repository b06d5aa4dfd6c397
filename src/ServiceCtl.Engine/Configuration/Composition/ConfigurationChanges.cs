using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>What differs between two readings of a configuration, and what that asks for.</summary>
public static class ConfigurationChanges
{
    /// <summary>The keys with another value, by name. Comments, places, order and quotes are no difference.</summary>
    public static IReadOnlyList<ConfigChange> Between(ConfigMapping before, ConfigMapping after, ConfigurationSchema schema)
    {
        var gone = ConfigSetting.Of(before).ToDictionary(setting => setting.Path, setting => setting.Value, StringComparer.Ordinal);
        var changed = new List<string>();
        foreach (var setting in ConfigSetting.Of(after))
        {
            if (!gone.Remove(setting.Path, out var value) || !value.HasSameContentAs(setting.Value))
                changed.Add(setting.Path);
        }

        return [.. changed.Concat(gone.Keys).Order(StringComparer.Ordinal)
            .Select(path => new ConfigChange { Key = path, Effect = EffectOf(path, schema) })];
    }

    /// <summary>The greatest of them.</summary>
    public static ConfigChangeEffect EffectOf(IEnumerable<ConfigChange> changes) =>
        changes.Select(change => change.Effect).DefaultIfEmpty().Max();

    /// <summary>A key that the schema doesn't know belongs to the application, which reads it when its code is loaded.</summary>
    private static ConfigChangeEffect EffectOf(string path, ConfigurationSchema schema)
    {
        var node = schema.Root;
        foreach (var segment in KeyPath.Split(path))
        {
            if (segment.Name is null || node.Child(segment.Name) is not { } child)
                break;
            if (child.Key is { } key)
                return key.Effect;
            node = child;
        }

        return ReferenceEquals(node, schema.Root) ? ConfigChangeEffect.Hot : ConfigChangeEffect.Restart;
    }
}
