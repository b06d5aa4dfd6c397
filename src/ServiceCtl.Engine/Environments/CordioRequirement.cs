using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Environments;

/// <summary>Recognises that cordio is required, in a file of requirements or in pyproject.toml, and where from is not said.</summary>
internal static partial class CordioRequirement
{
    /// <param name="line">Of a file of requirements.</param>
    public static bool Is(string line) => Requirement().IsMatch(line);

    /// <param name="lines">Of pyproject.toml: a text with a requirement in it counts wherever it stands.</param>
    public static bool IsInProject(IEnumerable<string> lines) => lines.Any(line => Quoted().IsMatch(line));

    [GeneratedRegex(@"^\s*cordio\s*(\[[^\]]*\])?\s*($|[<>=!~;#,])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Requirement();

    [GeneratedRegex(
        @"^[^#]*[""']cordio\s*(\[[^\]]*\])?\s*([<>=!~;,]|[""'](?!\s*=))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
