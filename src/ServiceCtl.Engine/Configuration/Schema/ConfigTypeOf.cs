using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema;

/// <summary>A <see cref="ConfigType"/> that reads into <typeparamref name="T"/>.</summary>
public abstract class ConfigType<T> : ConfigType
    where T : notnull
{
    private protected ConfigType(string name, string expectation, string example, string jsonSchema)
        : base(name, expectation, example, jsonSchema)
    {
    }

    /// <summary>Reads a value that is not null. What is wrong with it is reported to the context.</summary>
    public abstract bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out T result);

    internal sealed override object? ConvertBoxed(ConfigValue value, ConversionContext context) =>
        TryConvert(value, context, out var result) ? result : null;
}
