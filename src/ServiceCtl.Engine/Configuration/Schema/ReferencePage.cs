using System.Globalization;
using System.Text;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>
/// A schema as a page for people (Markdown): every key with what it holds, unit, default, example and what a change of it needs.
/// </summary>
public static class ReferencePage
{
    public static string Write(ConfigurationSchema schema, string title, string introduction)
    {
        var page = new StringBuilder();
        page.Append("# ").Append(title).Append("\n\n").Append(introduction.ReplaceLineEndings("\n").TrimEnd()).Append('\n');
        WriteTypes(page, schema.Keys);
        WriteSection(page, schema.Root, "Top level", withEffects: true);
        return page.ToString();
    }

    /// <summary>The same of keys that are read once, when they are used: a change of one needs nothing.</summary>
    /// <param name="schemas">The first is that of the file, the others are those of its items.</param>
    /// <param name="introduction">What stands above the tables.</param>
    internal static string WriteOnce(IReadOnlyList<(string Title, ConfigurationSchema Schema)> schemas, string introduction)
    {
        var page = new StringBuilder(introduction.ReplaceLineEndings("\n").TrimEnd()).Append('\n');
        WriteTypes(page, [.. schemas.SelectMany(one => one.Schema.Keys)]);
        foreach (var (title, schema) in schemas)
            WriteSection(page, schema.Root, title, withEffects: false);
        return page.ToString();
    }

    private static void WriteTypes(StringBuilder page, IReadOnlyList<SchemaKey> keys)
    {
        page.Append("\n## How values are written\n\n| type | is | for example |\n|---|---|---|\n");
        var types = keys.Select(key => key.Type)
            .Where(type => type.AllowedValues.Count == 0 && type.Name is not ("integer" or "number" or "anything"))
            .DistinctBy(type => type.Name).OrderBy(type => type.Name, StringComparer.Ordinal);
        foreach (var type in types)
            page.Append(CultureInfo.InvariantCulture, $"| {Cell(type.Name)} | {Cell(type.Expectation)} | `{Cell(type.Example)}` |\n");
    }

    private static void WriteSection(StringBuilder page, SchemaNode section, string title, bool withEffects)
    {
        var keys = section.Children.Select(child => child.Key).OfType<SchemaKey>().ToList();
        if (keys.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {(section.Parent is null ? title : $"`{section.Path}`")}\n");
            if (section.Section is { Description.Length: > 0 } described)
                page.Append('\n').Append(described.Description).Append(described.IsUnavailable ? " **Not available yet.**" : "")
                    .Append(described.IsClosed ? " A key that is not listed here is a fault.\n" : "\n");
            page.Append(withEffects
                ? "\n| key | holds | unit | default | example | a change needs | meaning |\n|---|---|---|---|---|---|---|\n"
                : "\n| key | holds | unit | default | example | meaning |\n|---|---|---|---|---|---|\n");
            foreach (var key in keys)
                WriteKey(page, key, withEffects);
        }

        foreach (var inner in section.Children.Where(child => child.Key is null))
            WriteSection(page, inner, title, withEffects);
    }

    private static void WriteKey(StringBuilder page, SchemaKey key, bool withEffects)
    {
        var holds = key.Type.AllowedValues.Count > 0 || key.Type.Name is "integer" or "number" ? key.Type.Expectation : key.Type.Name;
        var standard = key.IsRequired
            ? "**required**" : key.DefaultNote ?? (key.Default is null ? "" : $"`{Cell(key.Default.Length == 0 ? "''" : key.Default)}`");
        var meaning = key.Description
            + (key.IsSecret ? " Secret: never shown." : "")
            + (key.IsUnavailable ? " **Not available yet.**" : "")
            + (key.Deprecated is { } advice ? $" **Deprecated.** {advice}" : "");
        page.Append(
            CultureInfo.InvariantCulture,
            $"| `{Cell(key.Path)}` | {Cell(holds)} | {Cell(key.Unit ?? "")} | {(key.DefaultNote is null ? standard : Cell(standard))} | "
                + $"{Example(key)} | {(withEffects ? $"{EffectOf(key)} | " : "")}{Cell(meaning)} |\n");
    }

    private static string Example(SchemaKey key) => key.Example.Contains('`') ? Cell(key.Example) : $"`{Cell(key.Example)}`";

    private static string EffectOf(SchemaKey key) => key.Effect switch
    {
        ConfigChangeEffect.None => "nothing",
        ConfigChangeEffect.Hot => "a hot restart",
        _ => "a restart",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
