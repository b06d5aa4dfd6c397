using System.Text;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>Variables: <c>SECTION__KEY=value</c>, one a line.</summary>
internal static class EnvTemplate
{
    private const string Separator = "__";

    /// <param name="root">The keys.</param>
    /// <param name="prefix">Before each name, with <c>__</c> behind it; null for none.</param>
    public static string Write(TemplateNode root, string? prefix)
    {
        var text = new StringBuilder();
        WriteSection(root, string.IsNullOrEmpty(prefix) ? "" : prefix + Separator, text);
        return text.ToString();
    }

    private static void WriteSection(TemplateNode section, string prefix, StringBuilder text)
    {
        foreach (var child in section.Children)
        {
            text.Append(text.Length > 0 && child.Comments.Count > 0 ? "\n" : "");
            foreach (var comment in child.Comments)
                text.Append("# ").Append(comment).Append('\n');
            var name = prefix + child.Name.ToUpperInvariant();
            if (child.IsSection)
                WriteSection(child, name + Separator, text);
            else if (!IsName(name))
                text.Append("# `").Append(child.Name).Append("` can't be the name of a variable.\n");
            else
                text.Append(name).Append('=').Append(Value(child.Value!)).Append('\n');
        }
    }

    private static bool IsName(string name) =>
        !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-');

    private static string Value(ConfigValue value) => value switch
    {
        ConfigScalar { Kind: ScalarKind.Null } => "",
        ConfigScalar { Kind: ScalarKind.Text } scalar => Text(scalar),
        _ => IsPlain(YamlText.Flow(value)) ? YamlText.Flow(value) : $"{(value is ConfigMapping ? "{}" : "[]")}",
    };

    private static string Text(ConfigScalar scalar)
    {
        if (IsPlain(scalar.Text) && ScalarText.KindOf(scalar.Text) == ScalarKind.Text && scalar.Text[0] is not ('[' or '{'))
            return scalar.Text;
        if (!scalar.Text.Contains('\''))
            return $"'{scalar.Text}'";
        var quoted = scalar.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("$", "\\$", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        return $"\"{quoted}\"";
    }

    /// <summary>Stands in a line without quotes.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0 && text.Trim() == text && text[0] is not ('\'' or '"' or '#') && !text.Contains(" #") && !text.Contains("${")
            && text.AsSpan().IndexOfAny('\n', '\r', '\t') < 0;
}
