using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>
/// A schema as JSON Schema (draft 2020-12), for editors and other people's validators. It knows the spelling that the reference
/// recommends; the readers here take a little more, such as <c>TRUE</c> for <c>true</c>.
/// </summary>
public static class JsonSchemaWriter
{
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    public static string Write(ConfigurationSchema schema, string title)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, JsonText.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", Dialect);
            writer.WriteString("title", title);
            WriteSection(writer, schema.Root);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + "\n";
    }

    private static void WriteSection(Utf8JsonWriter writer, SchemaNode section)
    {
        if (section.Section is { } described)
            writer.WriteString("description", described.Description);
        // A section with nothing written in it holds null.
        if (section.Parent is null)
            writer.WriteString("type", "object");
        else
            WriteTexts(writer, "type", ["object", "null"]);

        writer.WriteStartObject("properties");
        foreach (var name in section.Names)
        {
            writer.WriteStartObject(name);
            var node = section.Child(name)!;
            if (node.Key is { } key)
                WriteKey(writer, key);
            else
                WriteSection(writer, node);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        var required = section.Names
            .Where(name => section.Child(name) is { Key.IsRequired: true } or { Section.IsRequired: true }).ToList();
        if (required.Count > 0)
            WriteTexts(writer, "required", required);
        if (section.IsClosed)
            writer.WriteBoolean("additionalProperties", false);
    }

    private static void WriteKey(Utf8JsonWriter writer, SchemaKey key)
    {
        writer.WriteString("description", key.Unit is null ? key.Description : $"{key.Description} A bare number counts {key.Unit}.");
        foreach (var (name, value) in JsonNode.Parse(key.Type.JsonSchema)!.AsObject())
        {
            writer.WritePropertyName(name);
            value!.WriteTo(writer);
        }

        if (key is { DefaultValue: { } standard, IsSecret: false })
        {
            writer.WritePropertyName("default");
            JsonValueWriter.Write(writer, standard);
        }

        if (!key.IsSecret)
        {
            writer.WriteStartArray("examples");
            JsonValueWriter.Write(writer, key.ExampleValue);
            writer.WriteEndArray();
        }

        if (key.Deprecated is not null)
            writer.WriteBoolean("deprecated", true);
        if (key.IsSecret)
            writer.WriteBoolean("writeOnly", true);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
