using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Images;

/// <summary>What an image is called: <c>registry.example.org:5000/team/shop:1.4</c>.</summary>
/// <param name="Repository">Without the tag.</param>
/// <param name="Tag">Null where none is written, which means <c>latest</c>.</param>
internal sealed partial record ImageName(string Repository, string? Tag)
{
    public const string Latest = "latest";

    /// <summary>The part before the first slash is a registry only if it can be no folder of one.</summary>
    public bool HasRegistry => Repository.Split('/') is [var first, _, ..]
        && (first.Contains('.') || first.Contains(':') || first == "localhost");

    /// <summary>The same, with its tag written.</summary>
    public string Full => $"{Repository}:{Tag ?? Latest}";

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static ImageName Parse(string text) => TryParse(text) ?? throw new ServiceCtlException(
        ErrorCode.InvalidArgument, text, $"'{VisibleText.Line(text)}' is not the name of an image.",
        "Write it in lower case, as shop, shop:1.4 or registry.example.org/team/shop:1.4.");

    public static ImageName? TryParse(string text) => Form().Match(text) is { Success: true } match
        ? new ImageName(match.Groups["repository"].Value, match.Groups["tag"] is { Success: true, Value: var tag } ? tag : null) : null;

    /// <summary>A text as a tag may be: a version's <c>+</c> is not allowed in one.</summary>
    public static string ToTag(string text)
    {
        var tag = NotInTag().Replace(text, "-").TrimStart('-', '.');
        return tag.Length is 0 ? Latest : tag.Length <= 128 ? tag : tag[..128];
    }

    /// <summary>A service's name as a repository may be called.</summary>
    public static string ToRepository(string service) =>
        NotInRepository().Replace(service.ToLowerInvariant(), "-").Trim('-', '.', '_') is { Length: > 0 } name ? name : "service";

    public override string ToString() => Tag is null ? Repository : $"{Repository}:{Tag}";

    [GeneratedRegex(
        @"^(?<repository>([\w.-]+(:\d+)?/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*)"
            + @"(:(?<tag>\w[\w.-]{0,127}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"[^A-Za-z0-9_.-]+")]
    private static partial Regex NotInTag();

    [GeneratedRegex(@"[^a-z0-9]+")]
    private static partial Regex NotInRepository();
}
