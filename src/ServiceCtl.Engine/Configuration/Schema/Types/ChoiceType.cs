using System.Diagnostics.CodeAnalysis;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Engine.Configuration.Schema.Types;

/// <summary>One of a few words. Case doesn't matter, and <c>-</c> is as good as <c>_</c>.</summary>
internal sealed class ChoiceType<T> : ConfigType<T>
    where T : notnull
{
    private readonly IReadOnlyList<(string Word, T Value)> _choices;

    public ChoiceType(IReadOnlyList<(string Word, T Value)> choices)
        : base(
            "choice", $"one of {string.Join(", ", choices.Select(choice => $"`{choice.Word}`"))}",
            choices[0].Word,
            $$"""{"enum": [{{string.Join(", ", choices.Select(choice => JsonText.Quote(choice.Word)))}}]}""")
    {
        _choices = choices;
        AllowedValues = [.. choices.Select(choice => choice.Word)];
    }

    public override IReadOnlyList<string> AllowedValues { get; }

    public override bool TryConvert(ConfigValue value, ConversionContext context, [MaybeNullWhen(false)] out T result)
    {
        if (value is ConfigScalar scalar)
        {
            foreach (var (word, choice) in _choices)
            {
                if (string.Equals(word.Replace('_', '-'), scalar.Text.Trim().Replace('_', '-'), StringComparison.OrdinalIgnoreCase))
                {
                    result = choice;
                    return true;
                }
            }

            result = default;
            var near = Suggestion.For(scalar.Text, AllowedValues);
            return context.Refuse(value, $"{context.Show(scalar)} is not {Expectation}.",
                near is null ? $"Write {Expectation}." : $"Did you mean `{near}`?");
        }

        result = default;
        return context.Refuse(value, $"`{context.Key}` should be {Expectation}, and this is {value.Description}.", $"Write {Expectation}.");
    }
}
