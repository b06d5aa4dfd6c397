using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>Any type, by its values as objects: what a service's own schema makes a list of is known only when that is read.</summary>
internal sealed class BoxedType(ConfigType type) : ConfigType<object>(type.Name, type.Expectation, type.Example, type.JsonSchema)
{
    public override IReadOnlyList<string> AllowedValues => type.AllowedValues;

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out object result)
    {
        result = type.ConvertBoxed(value, context);
        return result is not null;
    }
}
