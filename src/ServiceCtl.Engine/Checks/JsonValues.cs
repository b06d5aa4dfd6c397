using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Checks;

/// <summary>JSON out of configuration values and back into text.</summary>
internal static class JsonValues
{
    /// <summary>How the parser's words for that begin; it says no place then.</summary>
    private const string Twice = "Duplicate property";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // What a person reads; nothing of it gets into HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text is read as JSON, a mapping or list as the JSON it looks like.</summary>
    public static JsonNode? Read(ConfigValue value, string key, ProblemList problems)
    {
        if (value is not ConfigScalar { Kind: ScalarKind.Text } scalar)
            return Convert(value);
        try
        {
            return JsonNode.Parse(scalar.Text, nodeOptions: null, Strict);
        }
        catch (JsonException error)
        {
            problems.Add(
                scalar.Origin, key, $"`{key}` is not JSON: {Words(error)}",
                scalar.IsQuoted ? "Correct it; in single quotes nothing but the quote itself needs an escape."
                    : "Write it as '{\"key\": \"value\"}', a text as '\"text\"', or as a YAML mapping.");
            return null;
        }
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(text, nodeOptions: null, Strict);

    public static string Text(JsonNode? node)
    {
        if (node is null)
            return "null";
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
            node.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // The parser ends its sentence with places counted from 0, in bytes.
    private static string Words(JsonException error)
    {
        if (error.Message.StartsWith(Twice, StringComparison.Ordinal))
            return "an object has a key twice.";
        var words = error.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
        return $"{words}, at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of it.";
    }

    private static JsonNode? Convert(ConfigValue value) => value switch
    {
        ConfigMapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Convert(entry.Value)))),
        ConfigSequence sequence => new JsonArray([.. sequence.Items.Select(Convert)]),
        ConfigScalar scalar => Convert(scalar),
        _ => null,
    };

    private static JsonValue? Convert(ConfigScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Null => null,
        ScalarKind.Boolean => JsonValue.Create(scalar.Text.ToLowerInvariant() is "true" or "yes" or "on" or "y"),
        ScalarKind.Integer when ScalarText.TryReadInteger(scalar.Text, out var number) => JsonValue.Create(number),
        ScalarKind.Float when double.IsFinite(ScalarText.ReadFloat(scalar.Text)) => JsonValue.Create(ScalarText.ReadFloat(scalar.Text)),
        _ => JsonValue.Create(scalar.Text),
    };
}
