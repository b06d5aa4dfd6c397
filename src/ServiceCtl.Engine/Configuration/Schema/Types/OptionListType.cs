using System.Diagnostics.CodeAnalysis;

namespace ServiceCtl.Engine.Configuration;

/// <summary>Options for another program, in their order and exactly as written; a list repeats its key.</summary>
internal sealed class OptionListType : ConfigType<IReadOnlyList<ProgramOption>>
{
    public OptionListType()
        : base("options", "a mapping of options, each with a value or a list of values", "{processes: 4, cron2: [\"hour=3 job\", \"hour=4 job\"]}",
            """{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null", "array"], "items": {"type": ["string", "number", "boolean"]}}}""")
    {
    }

    public override bool TryConvert(
        ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out IReadOnlyList<ProgramOption> result)
    {
        result = null;
        if (value is not ConfigMapping mapping)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.", "Write `option: value` lines below it.");

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
                    options.Add(new ProgramOption(entry.Key, scalar.IsNull ? "" : scalar.Text, scalar.Origin));
                }
            }
        }

        result = options;
        return isRight;
    }
}
