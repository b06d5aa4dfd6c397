using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>What a JSON Schema asks of a value. Null and empty ask nothing.</summary>
internal sealed record JsonShape
{
    private string? _expectation;

    /// <summary>One of these, in JSON Schema's words.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    public IReadOnlyList<ConfigValue> Enum { get; init; } = [];

    public Regex? Pattern { get; init; }

    public string? Format { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public double? ExclusiveMinimum { get; init; }

    public double? ExclusiveMaximum { get; init; }

    /// <summary>Of a text in characters, or of a list in items.</summary>
    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public JsonShape? Items { get; init; }

    public IReadOnlyDictionary<string, JsonShape> Properties { get; init; } = new Dictionary<string, JsonShape>();

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What properties that are not named have to be.</summary>
    public JsonShape? Additional { get; init; }

    public bool AllowsAdditional { get; init; } = true;

    /// <summary>It has to fit all of these, too.</summary>
    public IReadOnlyList<JsonShape> All { get; init; } = [];

    /// <summary>It has to fit one of these at least.</summary>
    public IReadOnlyList<JsonShape> Any { get; init; } = [];

    /// <summary>It has to fit one of these, and only one.</summary>
    public IReadOnlyList<JsonShape> One { get; init; } = [];

    /// <summary>It must not fit this.</summary>
    public JsonShape? Not { get; init; }

    public string Example { get; init; } = "value";

    /// <summary>With its article, for messages.</summary>
    public string Expectation => _expectation ??= Enum.Count > 0
        ? $"one of {NameList.Of(Enum.Select(value => $"`{YamlText.Flow(value)}`"))}"
        : Types.Count == 0 && Any.Concat(One).ToArray() is [_, ..] choices
            ? string.Join(" or ", choices.Take(NameList.Most).Select(choice => choice.Expectation).Distinct())
        : Types.Count == 0 ? "anything" : string.Join(" or ", Types.Select(Describe));

    private static string Describe(string type) => type switch
    {
        "object" => "a mapping",
        "array" => "a list",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "null" => "nothing",
        _ => "text",
    };
}
