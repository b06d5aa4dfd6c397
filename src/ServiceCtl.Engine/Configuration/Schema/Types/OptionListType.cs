using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>
/// Options for another program, in their order and as written; a list repeats its key. Numbers in a notation that C does not read
/// (<c>1_000</c>,
/// <c>0x8000</c>, <c>1e3</c>) are given as digits; <c>0664</c> stays, as octal is for the option to say.
/// </summary>
internal sealed class OptionListType : ConfigType<IReadOnlyList<ProgramOption>>
{
    private static readonly SearchValues<char> OfIntegers = SearchValues.Create("0123456789+-");
    private static readonly SearchValues<char> OfFloats = SearchValues.Create("0123456789+-.");

    public OptionListType()
        : base("options", "a mapping of options, each with a value or a list of values",
            "{processes: 4, cron2: [\"hour=3 job\", \"hour=4 job\"]}",
            """{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"], "items": {"type": ["string", "number", "boolean"]}}}""")
    {
    }

    public override bool TryConvert(
        ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out IReadOnlyList<ProgramOption> result)
    {
        result = null;
        if (value is not ConfigMapping mapping)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                "Write `option: value` lines below it.");

        var options = new List<ProgramOption>();
        var isRight = true;
        foreach (var entry in mapping.Entries)
        {
            IReadOnlyList<ConfigValue> values = entry.Value is ConfigSequence sequence ? sequence.Items : [entry.Value];
            foreach (var item in values)
            {
                if (item is not ConfigScalar scalar)
                {
                    isRight = context.At(entry.Key).Refuse(
                        item, $"The option `{entry.Key}` should have a value or a list of values, and this is {item.Description}.",
                        "Options don't nest: write the key once with a list of texts to repeat it.");
                }
                else if (entry.Key.AsSpan().IndexOfAny('\n', '\r') >= 0 || scalar.Text.AsSpan().IndexOfAny('\n', '\r') >= 0)
                {
                    isRight = context.At(entry.Key).Refuse(
                        item, $"The option `{entry.Key}` holds a line break, which would begin another option in the generated file.",
                        "Write it on one line.");
                }
                else
                {
                    options.Add(new ProgramOption(entry.Key, TextOf(scalar), scalar.Origin));
                }
            }
        }

        result = options;
        return isRight;
    }

    private static string TextOf(ConfigScalar scalar) => scalar.Kind switch
    {
        ScalarKind.Null => "",
        ScalarKind.Integer when scalar.Text.AsSpan().ContainsAnyExcept(OfIntegers)
            && ScalarText.TryReadInteger(scalar.Text, out var number) =>
            number.ToString(CultureInfo.InvariantCulture),
        ScalarKind.Float when scalar.Text.AsSpan().ContainsAnyExcept(OfFloats) && ScalarText.ReadFloat(scalar.Text) is var real
            && double.IsFinite(real) =>
            ((decimal)real).ToString(CultureInfo.InvariantCulture),
        _ => scalar.Text,
    };
}
