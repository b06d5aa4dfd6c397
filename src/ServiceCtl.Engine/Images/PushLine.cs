using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Images;

/// <summary>What <c>docker push</c> says at its end: <c>1.4: digest: sha256:… size: 1234</c>.</summary>
internal static partial class PushLine
{
    public static string? DigestOf(string line) => Form().Match(line) is { Success: true } match ? match.Groups["digest"].Value : null;

    [GeneratedRegex(@"\bdigest: (?<digest>sha256:[0-9a-f]{64})\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
