using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>
/// A documented part of JSON Schema (draft 2020-12): what describes one value by itself, references within the file, and combinations. What
/// is not understood (<c>if</c>, a reference to another file) is reported, not silently passed over. Objects with <c>properties</c> become
/// sections, everything else a key; so does an object with a combination, because that is about the whole of it.
/// </summary>
internal sealed class JsonSchemaReader
{
    private static readonly string[] Types = ["object", "array", "string", "integer", "number", "boolean", "null"];

    private static readonly string[] Checks =
    [
        "type", "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "minItems", "maxItems", "items", "properties", "required", "additionalProperties",
        "allOf", "anyOf", "oneOf", "not",
    ];

    private static readonly string[] Combinations = ["allOf", "anyOf", "oneOf", "not"];

    private static readonly string[] Annotations =
        ["$schema", "$id", "$defs", "definitions", "$comment", "title", "description", "default", "examples", "deprecated", "writeOnly",
            "readOnly", "x-unit", "x-effect"];

    private readonly OwnSchemaBuilder _builder;

    public JsonSchemaReader(OwnSchemaBuilder builder) => _builder = builder;

    public void Read(ConfigMapping written)
    {
        ConfigMapping root;
        try
        {
            root = JsonSchemaReferences.WriteOut(written);
        }
        catch (MalformedSourceException fault)
        {
            _builder.Problems.Add(fault.Origin, null, fault.Message, fault.Advice);
            return;
        }

        if (root.Find("properties") is not ConfigMapping)
        {
            _builder.Problems.Add(
                root.Origin, null, "This is neither a JSON Schema with `properties` nor the short form with `keys`.",
                "Write `keys: {db.port: integer}`, or a JSON Schema of an object.");
            return;
        }

        ReadSection(root, "", isRequired: true, root.Origin);
    }

    private void ReadNode(ConfigMapping schema, string path, bool isRequired, Origin origin)
    {
        if (schema.Find("properties") is ConfigMapping && schema.Find("additionalProperties") is not ConfigMapping
            && !Combinations.Any(keyword => schema.Entry(keyword) is not null))
            ReadSection(schema, path, isRequired, origin);
        else
            ReadKey(schema, path, isRequired, origin);
    }

    private void ReadSection(ConfigMapping schema, string path, bool isRequired, Origin origin)
    {
        ReportUnsupported(schema, Combinations);
        if (schema.Find("type") is { } type && !TypesOf(type).Contains("object"))
            _builder.Problems.Add(type.Origin, path, "A schema with `properties` is of the type `object`.", "Write `type: object`.");
        var isClosed = schema.Find("additionalProperties") is ConfigScalar { Kind: ScalarKind.Boolean, Text: "false" or "False" or "no" };
        var section = new SchemaSection(path, Text(schema, "description") ?? Text(schema, "title") ?? "The service's own.",
            isClosed)
        { IsRequired = isRequired };
        // The root is ours: theirs only may close it.
        if ((path.Length > 0 || isClosed) && !_builder.Add(section, origin))
            return;

        var required = RequiredOf(schema);
        foreach (var entry in ((ConfigMapping)schema.Find("properties")!).Entries)
        {
            if (entry.Value is ConfigMapping inner)
                ReadNode(inner, KeyPath.Join(path, entry.Key), required.Contains(entry.Key), entry.KeyOrigin);
            else if (entry.Value is ConfigScalar { Kind: ScalarKind.Boolean, Text: "true" })
                ReadNode(ConfigMapping.Empty(entry.Value.Origin), KeyPath.Join(path, entry.Key), required.Contains(entry.Key),
                    entry.KeyOrigin);
            else
                _builder.Problems.Add(entry.Value.Origin, entry.Key,
                    $"`{entry.Key}` should be described by a mapping, and this is {entry.Value.Description}.", "Write `{type: string}`.");
        }
    }

    private void ReadKey(ConfigMapping schema, string path, bool isRequired, Origin origin)
    {
        var shape = ShapeOf(schema);
        var type = new JsonShapeType(shape, Verbatim(schema));
        var isSecret = Flag(schema, "writeOnly");
        var standard = OwnKeyCheck.Right(path, type, isSecret, schema.Find("default"), _builder.Problems);
        OwnKeyCheck.Right(path, type, isSecret, FirstExample(schema), _builder.Problems);
        var key = new OwnKey(path, type, Text(schema, "description") ?? Text(schema, "title") ?? "The service's own.")
        {
            Unit = Text(schema, "x-unit"),
            IsRequired = isRequired,
            IsSecret = isSecret,
            Deprecated = Flag(schema, "deprecated") ? "Its schema doesn't say what to write instead." : null,
            Effect = Enum.TryParse<ConfigChangeEffect>(Text(schema, "x-effect"), ignoreCase: true, out var effect)
                ? effect : ConfigChangeEffect.Restart,
            Default = standard is null ? null : YamlText.Flow(standard),
            DefaultValue = standard,
            Example = shape.Example,
        };
        _builder.Add(key, origin);
    }

    private JsonShape ShapeOf(ConfigMapping schema)
    {
        ReportUnsupported(schema);
        var types = schema.Find("type") is { } type ? TypesOf(type) : [];
        var choices = schema.Find("const") is { } only ? [only] : (schema.Find("enum") as ConfigSequence)?.Items ?? [];
        var example = FirstExample(schema) ?? schema.Find("default") ?? (choices.Count > 0 ? choices[0] : null);
        var additional = schema.Find("additionalProperties");
        return new JsonShape
        {
            Types = types,
            Enum = choices,
            Pattern = Pattern(schema),
            Format = FormatOf(schema),
            Minimum = Number(schema, "minimum"),
            Maximum = Number(schema, "maximum"),
            ExclusiveMinimum = Number(schema, "exclusiveMinimum"),
            ExclusiveMaximum = Number(schema, "exclusiveMaximum"),
            MinLength = (long?)(Number(schema, "minLength") ?? Number(schema, "minItems")),
            MaxLength = (long?)(Number(schema, "maxLength") ?? Number(schema, "maxItems")),
            Items = schema.Find("items") is ConfigMapping items ? ShapeOf(items) : null,
            Properties = (schema.Find("properties") as ConfigMapping)?.Entries.Where(entry => entry.Value is ConfigMapping)
                .ToDictionary(entry => entry.Key, entry => ShapeOf((ConfigMapping)entry.Value), StringComparer.Ordinal) ?? [],
            Required = [.. RequiredOf(schema)],
            Additional = additional is ConfigMapping others ? ShapeOf(others) : null,
            AllowsAdditional = additional is not ConfigScalar { Kind: ScalarKind.Boolean, Text: "false" or "False" or "no" },
            All = ShapesOf(schema, "allOf"),
            Any = ShapesOf(schema, "anyOf"),
            One = ShapesOf(schema, "oneOf"),
            Not = schema.Find("not") is ConfigMapping not ? ShapeOf(not) : null,
            Example = example is { IsNull: false } ? YamlText.Flow(example) : ExampleOf(types),
        };
    }

    private List<JsonShape> ShapesOf(ConfigMapping schema, string keyword) =>
        [.. (schema.Find(keyword) as ConfigSequence)?.Items.OfType<ConfigMapping>().Select(ShapeOf) ?? []];

    private List<string> TypesOf(ConfigValue written)
    {
        var names = (written as ConfigSequence)?.Items ?? [written];
        var types = new List<string>();
        foreach (var name in names)
        {
            if (name is ConfigScalar scalar && Types.Contains(scalar.IsNull ? "null" : scalar.Text))
                types.Add(scalar.IsNull ? "null" : scalar.Text);
            else
                _builder.Problems.Add(name.Origin, "type", $"`{name}` is no type of JSON Schema.",
                    Suggestion.For(name.ToString() ?? "", Types) is { } near
                        ? $"Did you mean `{near}`?" : $"The types are {string.Join(", ", Types)}.");
        }

        return types;
    }

    private string? FormatOf(ConfigMapping schema)
    {
        var format = Text(schema, "format");
        if (format is not null && !JsonFormats.Names.Contains(format))
            _builder.ReportUnsupported(schema.Find("format")!.Origin, $"format: {format}",
                $"Formats that are checked: {string.Join(", ", JsonFormats.Names)}; else use `pattern`.");
        return format;
    }

    private void ReportUnsupported(ConfigMapping schema, params IEnumerable<string> further)
    {
        foreach (var entry in schema.Entries
            .Where(entry => (!Checks.Contains(entry.Key) && !Annotations.Contains(entry.Key)) || further.Contains(entry.Key)))
        {
            var near = Suggestion.ForLikelySlip(entry.Key, [.. Checks, .. Annotations]);
            _builder.ReportUnsupported(entry.KeyOrigin, entry.Key,
                near is null ? $"What is understood: {string.Join(", ", Checks)}." : $"Did you mean `{near}`?");
        }
    }

    private static HashSet<string> RequiredOf(ConfigMapping schema) =>
        (schema.Find("required") as ConfigSequence)?.Items.OfType<ConfigScalar>().Select(name => name.Text)
            .ToHashSet(StringComparer.Ordinal) ?? [];

    private static ConfigValue? FirstExample(ConfigMapping schema) =>
        schema.Find("examples") is ConfigSequence { Items: [var first, ..] } ? first : null;

    private double? Number(ConfigMapping schema, string keyword) =>
        schema.Find(keyword) is { } value && ConfigTypes.Number(double.MinValue, double.MaxValue).TryConvert(value, ContextOf(keyword),
            out var number) ? number : null;

    private Regex? Pattern(ConfigMapping schema) =>
        schema.Find("pattern") is { } value && ConfigTypes.Pattern.TryConvert(value, ContextOf("pattern"), out var pattern)
            ? pattern : null;

    private ConversionContext ContextOf(string keyword) => new(keyword, null, isSecret: false, "/", _builder.Problems);

    private static string? Text(ConfigMapping schema, string keyword) => (schema.Find(keyword) as ConfigScalar)?.Text;

    private static bool Flag(ConfigMapping schema, string keyword) =>
        schema.Find(keyword) is ConfigScalar { Kind: ScalarKind.Boolean, Text: "true" or "True" or "yes" };

    private static string ExampleOf(List<string> types) => types.FirstOrDefault() switch
    {
        "object" => "{}",
        "array" => "[]",
        "integer" or "number" => "1",
        "boolean" => "true",
        _ => "some text",
    };

    /// <summary>The checks as they are written, without what is said about the key.</summary>
    private static string Verbatim(ConfigMapping schema)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            JsonValueWriter.Write(writer, new ConfigMapping(schema.Entries.Where(entry => Checks.Contains(entry.Key)), schema.Origin));
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
