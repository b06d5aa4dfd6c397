using System.Globalization;
using System.Text.RegularExpressions;
using Semver;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Packaging;

/// <summary>
/// Which version comes next, and what its tag is called. pyproject.toml has it as PEP 440 writes it, the tag as Semantic Versioning does.
/// https://peps.python.org/pep-0440/ https://semver.org
/// </summary>
internal static partial class NextVersion
{
    private static readonly (VersionStage Stage, string Semver, string Python)[] Stages =
    [
        (VersionStage.Alpha, "alpha", "a"), (VersionStage.Beta, "beta", "b"), (VersionStage.Rc, "rc", "rc"),
    ];

    /// <param name="current">The version before, as pyproject.toml has it.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="changes">What is new, by which the part is chosen where none is named.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: this is no version of that kind, or not a later
    /// one.</exception>
    public static (string Version, string Tag) Semantic(string current, VersionRequest request, IEnumerable<ChangeKind> changes)
    {
        var before = ReadSemantic(current) ?? throw NoVersion(current, "semantic", "Write it as 1.3.0, or 1.3.0rc1, in pyproject.toml.");
        var next = request.Version is { } wanted
            ? ReadSemantic(wanted) ?? throw NoVersion(wanted, "semantic", "Write it as 1.3.0, or 1.3.0rc1.")
            : Next(before, request.Part ?? PartOf(before, changes), request);
        return next.ComparePrecedenceTo(before) > 0 ? (Python(next), $"v{next}") : throw new ServiceCtlException(ErrorCode.InvalidArgument,
            request.Version ?? current, $"{Python(next)} is not later than {current}.", "Name a later version, or stage.");
    }

    /// <summary>The next one of a day.</summary>
    /// <inheritdoc cref="Semantic"/>
    public static (string Version, string Tag) Calendar(string current, VersionRequest request, DateOnly today)
    {
        var text = today.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var before = CalendarForm().Match(current);
        if (request.Version is { } wanted)
        {
            var named = CalendarForm().Match(wanted);
            if (!named.Success)
                throw NoVersion(wanted, "calendar", $"Write it as {text}.1.");
            if (before.Success && Order(named).CompareTo(Order(before)) <= 0)
                throw new ServiceCtlException(ErrorCode.InvalidArgument, wanted, $"{wanted} is not later than {current}.",
                    "Name a later version.");
            return Dated(named.Groups["day"].Value, int.Parse(named.Groups["number"].Value, CultureInfo.InvariantCulture));
        }

        if (before.Success && string.CompareOrdinal(before.Groups["day"].Value, text) > 0)
            throw new ServiceCtlException(ErrorCode.InvalidState, current, $"The version {current} is of a day to come.",
                "Look at the clock of this machine, or name a version.");
        return Dated(text, before.Success && before.Groups["day"].Value == text
            ? int.Parse(before.Groups["number"].Value, CultureInfo.InvariantCulture) + 1 : 1);

        static (string Day, int Number) Order(Match match) =>
            (match.Groups["day"].Value, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>A version of commits: what will be released next, how many commits after the last release, and which one it is.</summary>
    /// <param name="current">The version before.</param>
    /// <param name="isReleased">Has that one a tag?</param>
    /// <param name="distance">Commits since the last tag of a version.</param>
    /// <param name="commit">The short id.</param>
    public static string OfCommit(string current, bool isReleased, int distance, string commit)
    {
        var release = DevelopmentPart().Replace(current, "");
        if (isReleased && ReadSemantic(release) is { IsPrerelease: false } version)
            release = $"{version.Major}.{version.Minor}.{version.Patch + 1}";
        return string.Create(CultureInfo.InvariantCulture, $"{release}.dev{distance}+g{commit}");
    }

    /// <summary>What a released version of this text would have for a tag; null where it is none of the kinds that have one.</summary>
    public static string? TagOf(string version) => ReadSemantic(version) is { } semantic ? $"v{semantic}"
        : CalendarForm().Match(version) is { Success: true } match
            ? Dated(match.Groups["day"].Value, int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)).Tag : null;

    /// <summary>The same without what a version of commits adds.</summary>
    public static string Released(string version) => DevelopmentPart().Replace(version, "");

    private static SemVersion Next(SemVersion before, VersionPart part, VersionRequest request)
    {
        var release = SemVersion.Parse($"{before.Major}.{before.Minor}.{before.Patch}");
        // What leads to 1.3.0 has raised the minor part already.
        var isRaised = before.IsPrerelease && (request.Part is null || part switch
        {
            VersionPart.Major => before.Minor.IsZero && before.Patch.IsZero,
            VersionPart.Minor => before.Patch.IsZero,
            _ => true,
        });
        var target = isRaised ? release : SemVersion.Parse(part switch
        {
            VersionPart.Major => $"{before.Major + 1}.0.0",
            VersionPart.Minor => $"{before.Major}.{before.Minor + 1}.0",
            _ => $"{before.Major}.{before.Minor}.{before.Patch + 1}",
        });
        if (request.Stage is not { } stage)
            return target;
        var word = Stages.First(known => known.Stage == stage).Semver;
        var number = isRaised && before.PrereleaseIdentifiers is [{ Value: var was }, { NumericValue: { } count }] && was == word
            ? count + 1 : 1;
        return SemVersion.Parse($"{target}-{word}.{number}");
    }

    /// <summary>Before 1.0.0 nothing is promised: what would be a major step is a minor one.</summary>
    private static VersionPart PartOf(SemVersion before, IEnumerable<ChangeKind> changes) => changes.ToHashSet() switch
    {
        var kinds when kinds.Contains(ChangeKind.Removal) => before.Major.IsZero ? VersionPart.Minor : VersionPart.Major,
        var kinds when kinds.Contains(ChangeKind.Feature) => VersionPart.Minor,
        _ => VersionPart.Patch,
    };

    private static SemVersion? ReadSemantic(string text)
    {
        if (SemanticForm().Match(text) is not { Success: true } match)
            return null;
        string Part(string name) => match.Groups[name] is { Success: true } group ? group.Value : "0";
        var word = match.Groups["stage"].Value;
        var stage = Stages.FirstOrDefault(known => known.Python == word || known.Semver == word);
        return SemVersion.TryParse($"{Part("major")}.{Part("minor")}.{Part("patch")}"
            + (stage.Semver is null ? "" : $"-{stage.Semver}.{Part("number")}"), SemVersionStyles.Strict, out var version) ? version : null;
    }

    private static string Python(SemVersion version) => $"{version.Major}.{version.Minor}.{version.Patch}"
        + (version.PrereleaseIdentifiers is [{ Value: var word }, { NumericValue: { } number }]
            ? $"{Stages.First(known => known.Semver == word).Python}{number}" : "");

    /// <summary>PEP 440 drops zeros in front; the tag has the seed's two digits.</summary>
    private static (string Version, string Tag) Dated(string day, int number) => (
        string.Create(CultureInfo.InvariantCulture, $"{day}.{number}"), string.Create(CultureInfo.InvariantCulture, $"{day}.{number:00}"));

    private static ServiceCtlException NoVersion(string text, string kind, string advice) =>
        new(ErrorCode.InvalidArgument, text, $"'{text}' is no {kind} version.", advice);

    [GeneratedRegex(
        @"^v?(?<major>\d{1,9})(\.(?<minor>\d{1,9}))?(\.(?<patch>\d{1,9}))?(-?(?<stage>alpha|beta|rc|a|b)\.?(?<number>\d{1,9}))?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex SemanticForm();

    [GeneratedRegex(@"^(?<day>\d{8})\.(?<number>\d{1,6})$")]
    private static partial Regex CalendarForm();

    [GeneratedRegex(@"(\.dev\d+)?(\+.*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DevelopmentPart();
}
