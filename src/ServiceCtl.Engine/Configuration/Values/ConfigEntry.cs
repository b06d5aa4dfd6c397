namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>A key of a mapping with its value.</summary>
/// <param name="Key">As written; empty only where JSON or TOML has <c>""</c>.</param>
/// <param name="KeyOrigin">The place of the key itself, which with an alias is another than the value's.</param>
/// <param name="Value">What the key holds.</param>
public sealed record ConfigEntry(string Key, Origin KeyOrigin, ConfigValue Value);
