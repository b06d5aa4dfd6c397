using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>Texts of rules: <c>{service}</c>, <c>{code}</c>, <c>{rule}</c>, <c>{cause}</c>, <c>{exit}</c>, <c>{signal}</c>,
/// <c>{attempt}</c>. Other braces stay as they are, so that a body may be JSON.</summary>
public static partial class FailureText
{
    /// <summary>What is not known is left out.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> values) =>
        Placeholder().Replace(text, match => values.TryGetValue(match.Groups["name"].Value, out var value) ? value ?? "" : match.Value);

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
