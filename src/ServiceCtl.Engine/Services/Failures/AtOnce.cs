using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceCtl.Engine.Services.Failures;

/// <summary>How many services may be started again at the same time: a number, or a share of all.</summary>
public readonly partial record struct AtOnce(int Number, bool IsShare)
{
    /// <summary>Where a host says nothing: a share that few services never notice.</summary>
    private const int UsualShare = 10, UsualLeast = 10;

    /// <summary>As people write it: <c>5</c>, <c>10%</c>.</summary>
    internal static Regex Form { get; } = Pattern();

    internal static AtOnce Parse(string text) =>
        new(int.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture), text.EndsWith('%'));

    /// <summary>So many of that many services; at least one, so that all get their turn.</summary>
    public static int Of(AtOnce? written, int services) => written is { } said
        ? Math.Max(1, said.IsShare ? services * said.Number / 100 : said.Number)
        : Math.Max(UsualLeast, services * UsualShare / 100);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{(IsShare ? "%" : "")}");

    [GeneratedRegex(@"\A([1-9][0-9]{0,3}|([1-9][0-9]?|100)%)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
