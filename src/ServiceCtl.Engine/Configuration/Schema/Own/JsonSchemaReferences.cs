using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>
/// Writes a JSON Schema out: what <c>$ref</c> names within the file stands where it is named, and what <c>allOf</c> gathers is one
/// description, where its parts can be joined. What refers to itself, to another file or to nothing stays as it is, and so is reported.
/// </summary>
internal sealed class JsonSchemaReferences
{
    private const string Reference = "$ref";

    private const string All = "allOf";

    /// <summary>References of references double with each step.</summary>
    private const int NodeLimit = 20_000;

    private static readonly string[] MappingsOfSchemas = ["properties"];

    private static readonly string[] ListsOfSchemas = [All, "anyOf", "oneOf"];

    private static readonly string[] Schemas = ["items", "additionalProperties", "not"];

    private static readonly string[] Notes = ["title", "description", "default", "examples", "deprecated", "writeOnly", "readOnly",
        "$comment", "x-unit", "x-effect"];

    private readonly ConfigMapping _root;
    private readonly Stack<string> _open = [];

    private int _nodes;

    private int _depth;

    private JsonSchemaReferences(ConfigMapping root) => _root = root;

    /// <exception cref="MalformedSourceException">It is more than a schema would be, written out.</exception>
    public static ConfigMapping WriteOut(ConfigMapping root) => new JsonSchemaReferences(root).Expand(root);

    private ConfigMapping Expand(ConfigMapping schema)
    {
        _nodes += 1 + schema.Count;
        if (_nodes > NodeLimit)
            throw new MalformedSourceException(schema.Origin,
                $"Written out with its references, the schema holds more than {NodeLimit:N0} keys and values.", "Refer to less.");
        if (_depth == ConfigurationLimits.Depth)
            throw new MalformedSourceException(schema.Origin,
                $"Written out with its references, the schema is deeper than {ConfigurationLimits.Depth} levels.", "Flatten it.");

        _depth++;
        var expanded = ExpandOne(schema);
        _depth--;
        return expanded;
    }

    private ConfigMapping ExpandOne(ConfigMapping schema)
    {
        var name = (schema.Find(Reference) as ConfigScalar)?.Text;
        if (name is not null && !_open.Contains(name) && Target(name) is { } target)
        {
            _open.Push(name);
            var described = Expand(target);
            _open.Pop();
            return Join(Expand(new ConfigMapping(schema.Entries.Where(entry => entry.Key != Reference), schema.Origin)), described);
        }

        var own = new ConfigMapping(schema.Entries.Select(entry => new ConfigEntry(entry.Key, entry.KeyOrigin, ExpandValue(entry))),
            schema.Origin);
        if (own.Find(All) is not ConfigSequence parts)
            return own;

        var whole = new ConfigMapping(own.Entries.Where(entry => entry.Key != All), own.Origin);
        foreach (var part in parts.Items)
            whole = part is ConfigMapping mapping ? Join(whole, mapping) : Keep(whole, part);
        return whole;
    }

    private ConfigValue ExpandValue(ConfigEntry entry) => entry.Value switch
    {
        ConfigMapping schemas when MappingsOfSchemas.Contains(entry.Key) =>
            new ConfigMapping(schemas.Entries.Select(inner => new ConfigEntry(inner.Key, inner.KeyOrigin, ExpandItem(inner.Value))),
                schemas.Origin),
        ConfigSequence schemas when ListsOfSchemas.Contains(entry.Key) =>
            new ConfigSequence([.. schemas.Items.Select(ExpandItem)], schemas.Origin),
        var schema when Schemas.Contains(entry.Key) => ExpandItem(schema),
        var value => value,
    };

    private ConfigValue ExpandItem(ConfigValue value) => value is ConfigMapping schema ? Expand(schema) : value;

    /// <summary><c>#/$defs/port</c>, as RFC 6901 says.</summary>
    private ConfigMapping? Target(string name)
    {
        if (!name.StartsWith("#/", StringComparison.Ordinal))
            return null;
        ConfigValue? at = _root;
        foreach (var part in name[2..].Split('/'))
            at = (at as ConfigMapping)?.Entry(
                Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal)
                    .Replace("~0", "~", StringComparison.Ordinal))?.Value;
        return at as ConfigMapping;
    }

    /// <summary>Both as one. Where they say different things about the same, the second stays a part of its own, in <c>allOf</c>.</summary>
    private static ConfigMapping Join(ConfigMapping first, ConfigMapping second)
    {
        if (CloseEachOther(first, second)
            || second.Entries.Any(entry => first.Entry(entry.Key) is { } known && JoinOf(entry.Key, known.Value, entry.Value) is null))
            return Keep(first, second);

        var entries = first.Entries.Select(entry => second.Entry(entry.Key) is { } other
            ? new ConfigEntry(entry.Key, entry.KeyOrigin, JoinOf(entry.Key, entry.Value, other.Value)!)
            : entry);
        return new ConfigMapping(entries.Concat(second.Entries.Where(entry => first.Entry(entry.Key) is null)), first.Origin);
    }

    // Which properties are additional depends on what stands beside them.
    private static bool CloseEachOther(ConfigMapping first, ConfigMapping second) =>
        (Closes(second) && (Closes(first) || first.Entry("properties") is not null))
            || (Closes(first) && second.Entry("properties") is not null);

    private static bool Closes(ConfigMapping schema) => schema.Entry("additionalProperties") is not null;

    private static ConfigValue? JoinOf(string keyword, ConfigValue first, ConfigValue second) => (keyword, first, second) switch
    {
        _ when Notes.Contains(keyword) || first.HasSameContentAs(second) => first,
        ("properties", ConfigMapping one, ConfigMapping other) => JoinProperties(one, other),
        ("required", ConfigSequence one, ConfigSequence other) =>
            new ConfigSequence(
                [.. one.Items.Concat(other.Items).DistinctBy(item => (item as ConfigScalar)?.Text ?? (object)item)], one.Origin),
        (All, ConfigSequence one, ConfigSequence other) => new ConfigSequence([.. one.Items, .. other.Items], one.Origin),
        _ => null,
    };

    private static ConfigMapping JoinProperties(ConfigMapping first, ConfigMapping second) => new(
        first.Entries.Select(entry => second.Entry(entry.Key) is { Value: ConfigMapping other } && entry.Value is ConfigMapping own
            ? new ConfigEntry(entry.Key, entry.KeyOrigin, Join(own, other))
            : entry).Concat(second.Entries.Where(entry => first.Entry(entry.Key) is null)),
        first.Origin);

    private static ConfigMapping Keep(ConfigMapping schema, ConfigValue part)
    {
        var others = (schema.Find(All) as ConfigSequence)?.Items ?? [];
        return new ConfigMapping(
            [.. schema.Entries.Where(entry => entry.Key != All),
                new ConfigEntry(All, part.Origin, new ConfigSequence([.. others, part], part.Origin))], schema.Origin);
    }
}
