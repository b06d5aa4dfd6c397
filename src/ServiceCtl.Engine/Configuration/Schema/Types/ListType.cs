using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>A list of values of one type. A single value stands for a list of one, unless it looks like several.</summary>
internal sealed class ListType<T> : ConfigType<IReadOnlyList<T>>
    where T : notnull
{
    private readonly ConfigType<T> _item;
    private readonly string _separators;
    private readonly bool _takesMappings;

    /// <param name="item">What each item is.</param>
    /// <param name="separators">Characters in a single unquoted value that show that several were meant.</param>
    /// <param name="takesMappings">Can an item be a mapping, so that a single one is no slip?</param>
    public ListType(ConfigType<T> item, string separators, bool takesMappings = false)
        : base($"list of {item.Name}", $"a list, each item {item.Expectation}", $"[{item.Example}]",
            $$"""{"anyOf": [{"type": "array", "items": {{item.JsonSchema}}}, {{item.JsonSchema}}]}""")
    {
        _item = item;
        _separators = separators;
        _takesMappings = takesMappings;
    }

    public override IReadOnlyList<string> AllowedValues => _item.AllowedValues;

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out IReadOnlyList<T> result)
    {
        result = null;
        switch (value)
        {
            case ConfigMapping when !_takesMappings:
                return context.Refuse(value, $"`{context.Key}` should be a list, and this is {value.Description}.",
                    $"Write it as `{context.Example ?? Example}`.");
            case ConfigScalar { IsQuoted: false } scalar when scalar.Text.AsSpan().IndexOfAny(_separators) >= 0:
                var items = scalar.Text
                    .Split([.. _separators, ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return context.Refuse(
                    value, $"{context.Show(scalar)} looks like several values in one.",
                    scalar.Text.Length <= 60 && context.Show(scalar) == $"`{scalar.Text}`"
                        ? $"Write them as a list: `[{string.Join(", ", items)}]`; put it in quotes if it is one value."
                        : "Write them as a list in brackets; put it in quotes if it is one value.");
            case ConfigScalar or ConfigMapping:
                if (!_item.TryConvert(value, context, out var only))
                    return false;
                result = [only];
                return true;
        }

        var converted = new List<T>();
        var isRight = true;
        var sequence = (ConfigSequence)value;
        for (var index = 0; index < sequence.Items.Count; index++)
        {
            var item = sequence.Items[index];
            if (item.IsNull)
                isRight = context.At(index).Refuse(item, $"Item {index + 1} of `{context.Key}` is empty.", "Remove it, or write a value.");
            else if (_item.TryConvert(item, context.At(index), out var one))
                converted.Add(one);
            else
                isRight = false;
        }

        result = converted;
        return isRight;
    }
}
