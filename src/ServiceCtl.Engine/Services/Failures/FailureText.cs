using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>
/// Texts of rules and what is filled in. Only a word of small letters in braces is a placeholder, so that a text may be JSON or have
/// styles; in double braces it is that word in braces.
/// </summary>
public static partial class FailureText
{
    /// <summary>What can be filled in.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["service", "code", "rule", "cause", "exit", "signal", "attempt", "exception", "module", "dependency"];

    /// <summary>The same in a sentence.</summary>
    internal static string NamesInWords { get; } =
        string.Join(", ", Names.SkipLast(1).Select(name => $"`{{{name}}}`")) + $" and `{{{Names[^1]}}}`";

    /// <summary>What is not known is left out.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> values) => Placeholder().Replace(text, match =>
        match.Groups["literal"] is { Success: true } literal ? $"{{{literal.Value}}}"
            : values.TryGetValue(match.Groups["name"].Value, out var value) ? value ?? "" : match.Value);

    /// <summary>What stands there as a placeholder and is none.</summary>
    internal static string? FindUnknown(string text) => Placeholder().Matches(text)
        .Select(match => match.Groups["name"]).FirstOrDefault(name => name.Success && !Names.Contains(name.Value))?.Value;

    [GeneratedRegex(@"\{\{(?<literal>[a-z]+)\}\}|\{(?<name>[a-z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
