using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Reads a scalar.</summary>
/// <returns>Null when it went well; else why not, as a sentence, or empty when the expectation says it all.</returns>
internal delegate string? ScalarParser<T>(ConfigScalar scalar, ConversionContext context, out T result);

/// <summary>A type whose values are written as one scalar.</summary>
internal sealed class ScalarType<T> : ConfigType<T>
    where T : notnull
{
    private readonly ScalarParser<T> _parse;

    public ScalarType(string name, string expectation, string example, string jsonSchema, ScalarParser<T> parse)
        : base(name, expectation, example, jsonSchema)
    {
        _parse = parse;
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out T result)
    {
        if (value is not ConfigScalar scalar)
        {
            result = default;
            return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{context.Example ?? Example}`.");
        }

        var reason = _parse(scalar, context, out var parsed);
        result = parsed;
        return reason is null
            || context.Refuse(value, $"{context.Show(scalar)} is not {Expectation}.{(reason.Length == 0 ? "" : " " + reason)}",
                $"Write it as `{context.Example ?? Example}`.");
    }
}
