using System.Globalization;
using System.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>TOML: the keys of a section stand before its inner sections, which have headings of their own.</summary>
internal static class TomlTemplate
{
    public static string Write(TemplateNode root)
    {
        var text = new StringBuilder();
        WriteSection(root, "", text);
        return text.ToString();
    }

    private static void WriteSection(TemplateNode section, string path, StringBuilder text)
    {
        if (path.Length > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "");
            WriteComments(section, text);
            text.Append('[').Append(path).Append("]\n");
        }

        foreach (var key in section.Children.Where(child => !child.IsSection))
        {
            text.Append(text.Length > 0 && key.Comments.Count > 0 ? "\n" : "");
            WriteComments(key, text);
            text.Append(Key(key.Name)).Append(" = ").Append(Value(key.Value!)).Append('\n');
        }

        foreach (var inner in section.Children.Where(child => child.IsSection))
            WriteSection(inner, path.Length == 0 ? Key(inner.Name) : $"{path}.{Key(inner.Name)}", text);
    }

    private static void WriteComments(TemplateNode node, StringBuilder text)
    {
        foreach (var comment in node.Comments)
            text.Append("# ").Append(comment).Append('\n');
    }

    private static string Key(string key) =>
        key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-') ? key : Quote(key);

    private static string Value(ConfigValue value) => value switch
    {
        ConfigMapping mapping => mapping.Count == 0
            ? "{}"
            : $"{{ {string.Join(", ", mapping.Entries.Select(entry => $"{Key(entry.Key)} = {Value(entry.Value)}"))} }}",
        ConfigSequence sequence => $"[{string.Join(", ", sequence.Items.Select(Value))}]",
        _ => PlainValue.Of(value) switch
        {
            bool flag => flag ? "true" : "false",
            long number => number.ToString(CultureInfo.InvariantCulture),
            // TOML tells a float by its point or exponent.
            double number when double.IsFinite(number) => number.ToString("0.0################", CultureInfo.InvariantCulture),
            null => "\"\"",
            _ => Quote(((ConfigScalar)value).Text),
        },
    };

    /// <summary>A basic string. JSON's escapes are TOML's, but a delete character needs one here as well.</summary>
    private static string Quote(string text) => JsonText.Quote(text).Replace("\u007f", "\\u007F", StringComparison.Ordinal);
}
