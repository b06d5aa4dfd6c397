using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Composition;

/// <summary>A key that has a value of its own: text, a number, a list, an empty mapping, but not a mapping that only holds keys.</summary>
/// <param name="Path">Dotted, from the root.</param>
/// <param name="KeyOrigin">Where the key is written.</param>
/// <param name="Value">Its effective value: it knows its origin, and what it <see cref="ConfigValue.Replaced"/>.</param>
public sealed record ConfigSetting(string Path, Origin KeyOrigin, ConfigValue Value)
{
    /// <summary>All settings of a configuration, in its order.</summary>
    public static IEnumerable<ConfigSetting> Of(ConfigMapping root) => Of(root, "");

    private static IEnumerable<ConfigSetting> Of(ConfigMapping mapping, string path)
    {
        foreach (var entry in mapping.Entries)
        {
            var below = KeyPath.Join(path, entry.Key);
            if (entry.Value is ConfigMapping { Count: > 0 } inner)
            {
                foreach (var setting in Of(inner, below))
                    yield return setting;
            }
            else
            {
                yield return new ConfigSetting(below, entry.KeyOrigin, entry.Value);
            }
        }
    }
}
