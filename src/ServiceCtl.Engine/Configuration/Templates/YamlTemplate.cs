using System.Text;
using ServiceCtl.Engine.Configuration.Formats.Yaml;

namespace ServiceCtl.Engine.Configuration.Templates;

internal static class YamlTemplate
{
    public static string Write(TemplateNode root)
    {
        var text = new StringBuilder();
        foreach (var node in root.Children)
            Write(node, "", text);
        return text.ToString();
    }

    private static void Write(TemplateNode node, string indentation, StringBuilder text)
    {
        if (text.Length > 0 && node.Comments.Count > 0)
            text.Append('\n');
        foreach (var comment in node.Comments)
            text.Append(indentation).Append("# ").Append(comment).Append('\n');
        text.Append(indentation).Append(YamlText.Key(node.Name)).Append(':');
        if (node.Value is { IsNull: false } value)
            text.Append(' ').Append(YamlText.Flow(value));
        text.Append('\n');
        foreach (var child in node.Children)
            Write(child, indentation + "  ", text);
    }
}
