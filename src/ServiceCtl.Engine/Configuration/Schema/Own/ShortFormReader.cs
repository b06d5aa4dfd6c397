using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>
/// The short form of a schema: <c>keys</c> maps dotted paths to a type, or to a mapping of <see cref="Fields"/>; <c>sections</c> may
/// describe sections and leave them open. A section is closed otherwise: a key that is not described there is a slip.
/// </summary>
internal sealed class ShortFormReader
{
    public const string KeysName = "keys";

    private const string SectionsName = "sections";

    private static readonly string[] Fields =
    [
        "type", "values", "minimum", "maximum", "pattern", "default", "required", "secret", "deprecated", "description", "example",
        "unit", "effect",
    ];

    private readonly OwnSchemaBuilder _builder;

    public ShortFormReader(OwnSchemaBuilder builder) => _builder = builder;

    public void Read(ConfigMapping root)
    {
        foreach (var entry in root.Entries.Where(entry => entry.Key is not (KeysName or SectionsName)))
            ReportUnknown(entry, "a schema", [KeysName, SectionsName]);
        if (root.Entry(SectionsName) is { Value: ConfigMapping sections })
        {
            foreach (var entry in sections.Entries)
                ReadSection(entry);
        }

        if (root.Entry(KeysName)!.Value is not ConfigMapping keys)
        {
            _builder.Problems.Add(root.Entry(KeysName)!.Value.Origin, KeysName, "`keys` should be a mapping of dotted paths to types.",
                "Write `db.port: integer` lines below it.");
            return;
        }

        foreach (var entry in keys.Entries)
            ReadKey(entry);
    }

    private void ReadSection(ConfigEntry entry)
    {
        var fields = entry.Value as ConfigMapping ?? ConfigMapping.Empty(entry.Value.Origin);
        foreach (var field in fields.Entries.Where(field => field.Key is not ("description" or "open")))
            ReportUnknown(field, $"the section `{entry.Key}`", ["description", "open"]);
        var description = entry.Value is ConfigScalar text ? text.Text : Get(fields, "description", ConfigTypes.Text, "") ?? "";
        if (IsPath(entry))
            _builder.Add(new SchemaSection(entry.Key, Sentence(description), IsClosed: !Get(fields, "open", ConfigTypes.Boolean, false)),
                entry.KeyOrigin);
    }

    private void ReadKey(ConfigEntry entry)
    {
        if (!IsPath(entry))
            return;
        var fields = entry.Value switch
        {
            ConfigMapping mapping => mapping,
            ConfigScalar => new ConfigMapping([new ConfigEntry("type", entry.Value.Origin, entry.Value)], entry.Value.Origin),
            _ => ConfigMapping.Empty(entry.Value.Origin),
        };
        foreach (var field in fields.Entries.Where(field => !Fields.Contains(field.Key, StringComparer.Ordinal)))
            ReportUnknown(field, $"the key `{entry.Key}`", Fields);
        if (TypeOf(fields, entry) is not { } type || !AddSections(entry.Key, entry.KeyOrigin))
            return;

        var secret = Get(fields, "secret", ConfigTypes.Boolean, false);
        var standard = OwnKeyCheck.Right(entry.Key, type, secret, fields.Find("default"), _builder.Problems);
        var example = OwnKeyCheck.Right(entry.Key, type, secret, fields.Find("example"), _builder.Problems) ?? standard;
        var key = new OwnKey(entry.Key, type, Sentence(Get(fields, "description", ConfigTypes.Text, "") ?? ""))
        {
            Unit = Get(fields, "unit", ConfigTypes.Text, null),
            IsRequired = Get(fields, "required", ConfigTypes.Boolean, false),
            IsSecret = secret,
            Deprecated = Get(fields, "deprecated", ConfigTypes.Text, null),
            Effect = Get(fields, "effect", ConfigTypes.Choice<ConfigChangeEffect>(), ConfigChangeEffect.Restart),
            Default = standard is null ? null : YamlText.Flow(standard),
            DefaultValue = standard,
            Example = example is null ? type.Example : YamlText.Flow(example),
        };
        if (_builder.Add(key, entry.KeyOrigin) && key.IsRequired)
            RequireSections(entry.Key);
    }

    private ConfigType? TypeOf(ConfigMapping fields, ConfigEntry entry)
    {
        if (fields.Find("values") is { } values)
        {
            var words = (values as ConfigSequence)?.Items.OfType<ConfigScalar>().Select(item => item.Text).ToList() ?? [];
            if (words.Count > 0)
                return ConfigTypes.Choice(words);
            _builder.Problems.Add(values.Origin, entry.Key, "`values` should be a list of words.", "Write `values: [first, second]`.");
            return null;
        }

        if (fields.Find("type") is not ConfigScalar { IsNull: false } written)
        {
            _builder.Problems.Add(entry.Value.Origin, entry.Key, $"Nothing says what `{entry.Key}` may hold.",
                "Write a type, as in `db.port: integer`, or `{type: integer, default: 5432}`.");
            return null;
        }

        const string listOf = "list of ";
        var name = written.Text.Trim();
        var isList = name.StartsWith(listOf, StringComparison.Ordinal);
        var item = isList ? name[listOf.Length..].Trim() : name;
        if (ScalarTypeOf(item, fields, entry) is { } type)
            return isList ? ConfigTypes.ListOf(new BoxedType(type)) : type;
        var near = Suggestion.For(item, OwnTypes.Names);
        _builder.Problems.Add(
            written.Origin, entry.Key, $"`{item}` is no type.",
            near is null ? $"The types are {string.Join(", ", OwnTypes.Names.Select(known => $"`{known}`"))}, and `list of` one of them."
                : $"Did you mean `{near}`?");
        return null;
    }

    private ConfigType? ScalarTypeOf(string name, ConfigMapping fields, ConfigEntry entry)
    {
        switch (name)
        {
            case "integer":
                return ConfigTypes.LongInteger(
                    Get(fields, "minimum", ConfigTypes.LongInteger(long.MinValue, long.MaxValue), long.MinValue),
                    Get(fields, "maximum", ConfigTypes.LongInteger(long.MinValue, long.MaxValue), long.MaxValue));
            case "number":
                return ConfigTypes.Number(
                    Get(fields, "minimum", ConfigTypes.Number(double.MinValue, double.MaxValue), double.MinValue),
                    Get(fields, "maximum", ConfigTypes.Number(double.MinValue, double.MaxValue), double.MaxValue));
            case "text" when fields.Find("pattern") is not null:
                return ConfigTypes.TextMatching(Get(fields, "pattern", ConfigTypes.Pattern, null) ?? ConfiguredPattern.Compile(""));
        }

        foreach (var field in fields.Entries.Where(field => field.Key is "minimum" or "maximum" or "pattern"))
            _builder.Problems.Add(field.KeyOrigin, entry.Key, $"`{field.Key}` means nothing for {name}.",
                "`minimum` and `maximum` are for `integer` and `number`, `pattern` is for `text`.");
        return OwnTypes.Find(name);
    }

    private bool AddSections(string path, Origin origin)
    {
        foreach (var section in SectionsOf(path))
        {
            if (!_builder.Has(section) && !_builder.Add(new SchemaSection(section, Sentence(""), IsClosed: true), origin))
                return false;
        }

        return true;
    }

    private void RequireSections(string path)
    {
        foreach (var section in SectionsOf(path))
            _builder.Require(section);
    }

    private static IEnumerable<string> SectionsOf(string path)
    {
        var section = "";
        foreach (var segment in KeyPath.Split(path).SkipLast(1))
            yield return section = KeyPath.Join(section, segment.Name!);
    }

    private bool IsPath(ConfigEntry entry)
    {
        try
        {
            if (KeyPath.Split(entry.Key).All(segment => segment.Name is not null))
                return true;
            throw new FormatException("An item of a list can't be described by itself; describe the list.");
        }
        catch (FormatException exception)
        {
            _builder.Problems.Add(entry.KeyOrigin, entry.Key, $"The key `{entry.Key}` can't be understood. {exception.Message}",
                "Write a dotted path, as `db.port`.");
            return false;
        }
    }

    private T? Get<T>(ConfigMapping fields, string name, ConfigType<T> type, T? otherwise)
        where T : notnull
    {
        if (fields.Find(name) is not { IsNull: false } value)
            return otherwise;
        return type.TryConvert(value, new ConversionContext(name, null, isSecret: false, "/", _builder.Problems), out var result)
            ? result : otherwise;
    }

    private void ReportUnknown(ConfigEntry entry, string holder, IReadOnlyList<string> known)
    {
        var near = Suggestion.For(entry.Key, known);
        _builder.Problems.Add(
            entry.KeyOrigin, entry.Key, $"`{entry.Key}` means nothing for {holder}.",
            near is null ? $"What is understood: {string.Join(", ", known.Select(word => $"`{word}`"))}." : $"Did you mean `{near}`?");
    }

    /// <summary>Descriptions are sentences in the reference.</summary>
    private static string Sentence(string text) => text.Trim() switch
    {
        "" => "The service's own.",
        [.., '.' or '?' or '!'] ended => ended,
        var open => open + ".",
    };
}
