using System.Text;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>INI: sections by their dotted paths, lists and mappings in brackets in one line.</summary>
internal static class IniTemplate
{
    public static string Write(TemplateNode root)
    {
        var text = new StringBuilder();
        WriteSection(root, "", text);
        return text.ToString();
    }

    private static void WriteSection(TemplateNode section, string path, StringBuilder text)
    {
        var keys = section.Children.Where(child => !child.IsSection).ToList();
        if (path.Length > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "");
            WriteComments(section, text);
            // A section that holds sections only needs no heading.
            if (keys.Count > 0)
                text.Append('[').Append(path).Append("]\n");
        }

        foreach (var key in keys)
        {
            text.Append(text.Length > 0 && key.Comments.Count > 0 ? "\n" : "");
            WriteComments(key, text);
            var value = Value(key.Value!);
            if (value is null)
                text.Append("# INI has no way to write this value.\n");
            text.Append(KeyPath.Join("", key.Name)).Append(" =").Append(value is null or "" ? "" : " ").Append(value).Append('\n');
        }

        foreach (var inner in section.Children.Where(child => child.IsSection))
            WriteSection(inner, KeyPath.Join(path, inner.Name), text);
    }

    private static void WriteComments(TemplateNode node, StringBuilder text)
    {
        foreach (var comment in node.Comments)
            text.Append("# ").Append(comment).Append('\n');
    }

    /// <returns>Null when it can't be written.</returns>
    private static string? Value(ConfigValue value)
    {
        var written = value switch
        {
            ConfigScalar { Kind: ScalarKind.Null } => "",
            ConfigScalar { Kind: ScalarKind.Text } scalar => Quote(scalar.Text),
            _ => YamlText.Flow(value),
        };
        return written is null || written.AsSpan().IndexOfAny('\n', '\r') >= 0
            || (value is not ConfigScalar && (written.Contains(" #") || written.Contains(" ;"))) ? null : written;
    }

    /// <summary>There are no escapes in INI's quotes.</summary>
    private static string? Quote(string text) => !text.Contains('"') ? $"\"{text}\"" : !text.Contains('\'') ? $"'{text}'" : null;
}
