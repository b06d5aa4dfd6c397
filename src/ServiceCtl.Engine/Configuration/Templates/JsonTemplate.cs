using System.Text;
using System.Text.Json;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Templates;

/// <summary>JSON, with comments where there are any.</summary>
internal static class JsonTemplate
{
    public static string Write(TemplateNode root)
    {
        var text = new StringBuilder();
        WriteSection(root, "", text);
        return text.Append('\n').ToString();
    }

    /// <summary>A value in one line.</summary>
    public static string Value(ConfigValue value)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, JsonText.Options with { Indented = false }))
            JsonValueWriter.Write(writer, value);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void WriteSection(TemplateNode section, string indentation, StringBuilder text)
    {
        var inner = indentation + "  ";
        text.Append("{\n");
        for (var index = 0; index < section.Children.Count; index++)
        {
            var child = section.Children[index];
            foreach (var comment in child.Comments)
                text.Append(inner).Append("// ").Append(comment).Append('\n');
            text.Append(inner).Append(JsonText.Quote(child.Name)).Append(": ");
            if (child.Value is { } value)
                text.Append(Value(value));
            else
                WriteSection(child, inner, text);
            text.Append(index + 1 < section.Children.Count ? ",\n" : "\n");
        }

        text.Append(indentation).Append('}');
    }
}
