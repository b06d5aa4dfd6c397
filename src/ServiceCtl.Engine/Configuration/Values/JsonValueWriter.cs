using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ServiceCtl.Engine.Configuration.Values;

/// <summary>Values as JSON: numbers and booleans as such, and what JSON has no number for (<c>.inf</c>) as text.</summary>
internal static class JsonValueWriter
{
    public static void Write(Utf8JsonWriter writer, ConfigValue value)
    {
        switch (value)
        {
            case ConfigMapping mapping:
                writer.WriteStartObject();
                foreach (var entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case ConfigSequence sequence:
                writer.WriteStartArray();
                foreach (var item in sequence.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case ConfigScalar scalar:
                WriteScalar(writer, scalar);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, ConfigScalar scalar)
    {
        switch (PlainValue.Of(scalar))
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number when !IsNumber(scalar.Text) || number.ToString(CultureInfo.InvariantCulture) == scalar.Text:
                writer.WriteNumberValue(number);
                break;
            // As it was written: what fits no type of ours, or has more digits, is no other number for that.
            case not null when scalar.Kind is ScalarKind.Integer or ScalarKind.Float && IsNumber(scalar.Text):
                writer.WriteRawValue(scalar.Text);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteStringValue(scalar.Text);
                break;
        }
    }

    private static bool IsNumber(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
