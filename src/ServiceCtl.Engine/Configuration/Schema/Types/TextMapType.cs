using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Names with texts, in their order; each text exactly as written, nothing being the empty text.</summary>
internal sealed class TextMapType : ConfigType<IReadOnlyDictionary<string, string>>
{
    public TextMapType()
        : base(
            "map of text", "a mapping of names to texts", "{NAME: value}",
            """{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}""")
    {
    }

    public override bool TryConvert(
        ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, string> result)
    {
        result = null;
        if (value is not ConfigMapping mapping)
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{context.Example ?? Example}`.");

        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var isRight = true;
        foreach (var entry in mapping.Entries)
        {
            if (entry.Value is ConfigScalar scalar)
                texts.Add(entry.Key, scalar.IsNull ? "" : scalar.Text);
            else
                isRight = context.At(entry.Key).Refuse(entry.Value, $"`{entry.Key}` should be text, and this is {entry.Value.Description}.",
                    "Write one value, in quotes if it holds brackets.");
        }

        result = texts;
        return isRight;
    }
}
