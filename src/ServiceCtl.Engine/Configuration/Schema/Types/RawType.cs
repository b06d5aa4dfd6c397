using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>A part of the tree that its reader understands by itself.</summary>
internal sealed class RawType<T> : ConfigType<T>
    where T : ConfigValue
{
    public RawType(string name, string expectation, string example, string jsonSchema)
        : base(name, expectation, example, jsonSchema)
    {
    }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out T result)
    {
        result = value as T;
        return result is not null
            || context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.",
                $"Write it as `{context.Example ?? Example}`.");
    }
}
