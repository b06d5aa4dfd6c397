using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Manifests.Importing;

/// <summary>The page that a health check asks, by curl, wget, Python or whatever takes a URL.</summary>
internal static partial class CheckedPage
{
    /// <returns>Its path; null where it asks none of this port.</returns>
    public static string? Of(string test, int port)
    {
        var match = Url().Match(test);
        if (!match.Success)
            return null;
        var asked = match.Groups["port"] is { Success: true, Value: var written } ? int.Parse(written, CultureInfo.InvariantCulture) : 80;
        return asked != port ? null : match.Groups["path"] is { Length: > 0, Value: var path }
            ? path.Replace("%27", "'", StringComparison.Ordinal).Replace("%22", "\"", StringComparison.Ordinal)
                .Replace("%24", "$", StringComparison.Ordinal).Replace("%60", "`", StringComparison.Ordinal)
                .Replace("%5C", "\\", StringComparison.Ordinal)
            : "/";
    }

    [GeneratedRegex("""http://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(:(?<port>[0-9]{1,5}))?(?<path>/[^\s'"|;)`\\]*)?""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Url();
}
