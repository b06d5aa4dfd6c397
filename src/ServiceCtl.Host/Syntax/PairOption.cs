using System.CommandLine;

namespace ServiceCtl.Host.Syntax;

/// <summary>Options that take <c>NAME=VALUE</c> and may be repeated.</summary>
internal static class PairOption
{
    public static Option<Dictionary<string, string>> Create(string name, string description, string valueName) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result =>
        {
            var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var token in result.Tokens)
            {
                var at = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (at > 0)
                    pairs[token.Value[..at]] = token.Value[(at + 1)..];
                else
                    result.AddError($"{name} takes {valueName}, not {OptionValues.Shown(token.Value)}.");
            }

            return pairs;
        },
    };
}
