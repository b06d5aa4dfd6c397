using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Packaging;

/// <summary>Names of packages. https://packaging.python.org/en/latest/specifications/name-normalization/</summary>
internal static partial class PackageName
{
    /// <summary>As an index calls it: <c>My.Shop</c> is <c>my-shop</c>.</summary>
    public static string Normalize(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    public static bool IsOne(string name) => Form().IsMatch(name);

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Separators();

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
