using System.Globalization;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Formats.Yaml;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Own;

/// <summary>A value that has to fit a JSON Schema; it is passed on as it is written.</summary>
internal sealed class JsonShapeType : ConfigType<ConfigValue>
{
    private readonly JsonShape _shape;

    /// <param name="shape">What is asked.</param>
    /// <param name="jsonSchema">The same as it was written, without what is said about the key.</param>
    public JsonShapeType(JsonShape shape, string jsonSchema)
        : base(NameOf(shape), shape.Expectation, shape.Example, jsonSchema)
    {
        _shape = shape;
    }

    public override IReadOnlyList<string> AllowedValues => [.. _shape.Enum.Select(YamlText.Flow)];

    public override bool TryConvert(ConfigValue value, ConversionContext context, out ConfigValue result)
    {
        result = value;
        var fits = !context.Effort.IsSpent && Check(value, _shape, context);
        return context.Effort.IsSpent
            ? context.Refuse(value, $"`{context.Key}` can't be checked: what its schema asks for takes too long.",
                "Make the schema simpler: fewer choices within choices, and patterns without repetitions inside repetitions.")
            : fits;
    }

    private static string NameOf(JsonShape shape) => shape switch
    {
        { Enum.Count: > 0 } => "choice",
        { Types: ["string"] } => "text",
        { Types: ["array"] } => shape.Items is { } items ? $"list of {NameOf(items)}" : "list",
        { Types: ["object"] } => "mapping",
        { Types: [] } => "anything",
        _ => string.Join(" or ", shape.Types),
    };

    private static bool Check(ConfigValue value, JsonShape shape, ConversionContext context)
    {
        if (!context.Effort.TrySpend(1 + shape.Enum.Count))
            return false;
        if (shape.Types.Count > 0 && !shape.Types.Any(type => JsonKind.Is(value, type)))
            return context.Refuse(value, $"`{context.Key}` should be {shape.Expectation}, and this is {value.Description}.",
                $"Write it as `{context.Example ?? shape.Example}`.");
        if (shape.Enum.Count > 0 && !shape.Enum.Any(value.HasSameContentAs))
            return RefuseChoice(value, shape, context);
        if (!CheckCombinations(value, shape, context))
            return false;

        return value switch
        {
            ConfigScalar scalar => CheckScalar(scalar, shape, context),
            ConfigSequence sequence => CheckList(sequence, shape, context),
            _ => CheckObject((ConfigMapping)value, shape, context),
        };
    }

    private static bool CheckCombinations(ConfigValue value, JsonShape shape, ConversionContext context)
    {
        foreach (var part in shape.All)
        {
            if (!Check(value, part, context))
                return false;
        }

        if (shape.Any.Count > 0 && !shape.Any.Any(choice => Fits(value, choice, context)))
            return RefuseAll(value, shape.Any, context);
        var fitting = shape.One.Count(choice => Fits(value, choice, context));
        if (shape.One.Count > 0 && fitting == 0)
            return RefuseAll(value, shape.One, context);
        if (fitting > 1)
            return context.Refuse(value,
                $"`{context.Key}` fits {fitting} of the descriptions in `oneOf` of its schema, and should fit one.",
                "Leave out what belongs to the others.");
        return shape.Not is not { } not || !Fits(value, not, context)
            || context.Refuse(value, $"`{context.Key}` fits what `not` of its schema forbids.", "Write another value.");
    }

    /// <summary>With one choice of the value's own kind, what is wrong is said about that one.</summary>
    private static bool RefuseAll(ConfigValue value, IReadOnlyList<JsonShape> choices, ConversionContext context) =>
        choices.Where(choice => choice.Types.Count == 0 || choice.Types.Any(type => JsonKind.Is(value, type))).ToArray() is [var near]
            ? Check(value, near, context)
            : context.Refuse(value, $"`{context.Key}` fits none of the descriptions that its schema allows.",
                $"Write {string.Join(" or ", choices.Select(choice => choice.Expectation).Distinct())}.");

    private static bool Fits(ConfigValue value, JsonShape shape, ConversionContext context) => Check(value, shape, context.Silent());

    private static bool RefuseChoice(ConfigValue value, JsonShape shape, ConversionContext context)
    {
        var shown = value is ConfigScalar scalar ? context.Show(scalar) : "The value";
        var near = value is ConfigScalar word && context.Effort.MaySearch(shape.Enum.Count)
            ? Suggestion.For(word.Text, shape.Enum.OfType<ConfigScalar>().Select(choice => choice.Text)) : null;
        return context.Refuse(value, $"{shown} is not {shape.Expectation}.",
            near is null ? $"Write {shape.Expectation}." : $"Did you mean `{near}`?");
    }

    private static bool CheckScalar(ConfigScalar scalar, JsonShape shape, ConversionContext context)
    {
        string? reason = null;
        if (JsonKind.Number(scalar) is { } number)
        {
            reason = (number < shape.Minimum, number > shape.Maximum, number <= shape.ExclusiveMinimum,
                number >= shape.ExclusiveMaximum) switch
            {
                (true, _, _, _) => $"at least {Text(shape.Minimum)}",
                (_, true, _, _) => $"at most {Text(shape.Maximum)}",
                (_, _, true, _) => $"more than {Text(shape.ExclusiveMinimum)}",
                (_, _, _, true) => $"less than {Text(shape.ExclusiveMaximum)}",
                _ => null,
            };
        }
        else if (scalar is { Kind: ScalarKind.Text })
        {
            var length = new StringInfo(scalar.Text).LengthInTextElements;
            reason = length < shape.MinLength ? $"at least {shape.MinLength} characters long"
                : length > shape.MaxLength ? $"at most {shape.MaxLength} characters long"
                : (shape.Pattern is { } pattern ? context.Effort.Matches(pattern, scalar.Text) : true) is not { } matches
                    ? $"checked: the pattern `{shape.Pattern}` of the schema takes too long for it"
                : !matches ? $"text that matches `{shape.Pattern}`"
                : shape.Format is { } format && !JsonFormats.IsValid(format, scalar.Text) ? $"in the format `{format}`"
                : null;
        }

        return reason is null || context.Refuse(scalar, $"{context.Show(scalar)} is not {reason}.",
            $"Write {(context.Example is null ? "it" : $"it as `{context.Example}`, that is,")} {reason}.");
    }

    private static bool CheckList(ConfigSequence list, JsonShape shape, ConversionContext context)
    {
        if (list.Items.Count < shape.MinLength)
            return context.Refuse(list, $"`{context.Key}` should have at least {shape.MinLength} items, and has {list.Items.Count}.",
                "Add what is missing.");
        if (list.Items.Count > shape.MaxLength)
            return context.Refuse(list, $"`{context.Key}` should have at most {shape.MaxLength} items, and has {list.Items.Count}.",
                "Take some out.");
        var isRight = true;
        for (var index = 0; shape.Items is not null && index < list.Items.Count; index++)
            isRight &= Check(list.Items[index], shape.Items, context.At(index));
        return isRight;
    }

    private static bool CheckObject(ConfigMapping mapping, JsonShape shape, ConversionContext context)
    {
        var isRight = true;
        foreach (var entry in mapping.Entries)
        {
            if (shape.Properties.TryGetValue(entry.Key, out var property))
            {
                isRight &= Check(entry.Value, property, context.At(entry.Key));
            }
            else if (shape.Additional is { } additional)
            {
                isRight &= Check(entry.Value, additional, context.At(entry.Key));
            }
            else if (!shape.AllowsAdditional)
            {
                var near = context.Effort.MaySearch(shape.Properties.Count)
                    ? Suggestion.For(entry.Key, shape.Properties.Keys) : null;
                isRight = context.At(entry.Key).RefuseAt(
                    entry.KeyOrigin, $"Unknown key `{entry.Key}` in `{context.Key}`.",
                    near is null ? $"Its keys are {NameList.Of(shape.Properties.Keys.Select(name => $"`{name}`"))}."
                        : $"Did you mean `{near}`?");
            }
        }

        foreach (var missing in shape.Required.Where(name => mapping.Entry(name) is null))
            isRight = context.At(missing).Refuse(mapping, $"`{context.Key}` has no `{missing}`.",
                $"Write it, for example `{missing}: "
                    + $"{(shape.Properties.TryGetValue(missing, out var property) ? property.Example : "value")}`.");
        return isRight;
    }

    private static string Text(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
