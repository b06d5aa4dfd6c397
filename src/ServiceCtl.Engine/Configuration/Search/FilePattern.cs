using System.Text.RegularExpressions;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Configuration.Search;

/// <summary>
/// Selects files by their path below a folder: a glob as in .gitignore, or a regular expression after <c>regex:</c>.
/// In a glob <c>*</c>, <c>?</c> and <c>[a-z]</c> stay within a name, <c>**</c> goes through any folders, <c>{a,b}</c> is either;
/// one without a <c>/</c> selects at any depth, one that begins with <c>/</c> from the folder itself, one with <c>!</c> takes away.
/// Names that begin with a dot are selected only by patterns that write the dot.
/// </summary>
public sealed class FilePattern
{
    internal const string RegexPrefix = "regex:";
    internal const string AnyFolders = "**";

    /// <summary>Braces multiply; nobody needs more than this.</summary>
    private const int AlternativeLimit = 256;

    private readonly string _text;
    private readonly Regex? _regex;
    private readonly IReadOnlyList<IReadOnlyList<string>> _alternatives;

    private FilePattern(string text, bool isExclusion, Regex? regex, IReadOnlyList<IReadOnlyList<string>> alternatives)
    {
        _text = text;
        IsExclusion = isExclusion;
        _regex = regex;
        _alternatives = alternatives;
    }

    public bool IsExclusion { get; }

    /// <exception cref="FormatException">It can't be understood; the message says why.</exception>
    public static FilePattern Parse(string text)
    {
        var isExclusion = text.StartsWith('!');
        var body = isExclusion ? text[1..] : text;
        if (body.Length == 0)
            throw new FormatException("A pattern is empty.");
        if (body.StartsWith(RegexPrefix, StringComparison.Ordinal))
            return new FilePattern(text, isExclusion, Compile(body[RegexPrefix.Length..], text), []);

        return new FilePattern(text, isExclusion, null, [.. Alternatives(body).Select(alternative => SegmentsOf(alternative, text))]);
    }

    /// <summary>What the braces of a glob stand for: <c>{a,b}.yaml</c> is <c>a.yaml</c> and <c>b.yaml</c>.</summary>
    /// <inheritdoc cref="Parse"/>
    internal static IReadOnlyList<string> Alternatives(string glob)
    {
        var alternatives = new List<string>();
        Expand(glob, alternatives);
        return alternatives;
    }

    /// <param name="path">Relative, with <c>/</c> between names.</param>
    public bool IsMatch(string path) =>
        _regex?.IsMatch(path) ?? _alternatives.Any(segments => Fits(segments, 0, path.Split('/'), 0, isFolder: false));

    /// <summary>Whether something in this folder may be selected; if not, there is no need to look into it.</summary>
    public bool MayMatchBelow(string folder)
    {
        var names = folder.Split('/');
        return !IsExclusion && (_regex is null
            ? _alternatives.Any(segments => Fits(segments, 0, names, 0, isFolder: true))
            : !names.Any(IsHidden));
    }

    public override string ToString() => _text;

    private static bool Fits(IReadOnlyList<string> segments, int segment, string[] names, int name, bool isFolder)
    {
        if (name == names.Length)
            return isFolder ? segment < segments.Count : segment == segments.Count;
        if (segment == segments.Count)
            return false;
        if (segments[segment] != AnyFolders)
            return IsMatch(segments[segment], names[name]) && Fits(segments, segment + 1, names, name + 1, isFolder);
        return Fits(segments, segment + 1, names, name, isFolder)
            || (!IsHidden(names[name]) && Fits(segments, segment, names, name + 1, isFolder));
    }

    private static bool IsMatch(string segment, string name) => (!IsHidden(name) || IsHidden(segment)) && Wildcard.IsMatch(segment, name);

    private static bool IsHidden(string name) => name.StartsWith('.');

    private static IReadOnlyList<string> SegmentsOf(string glob, string whole)
    {
        var anchored = glob.StartsWith("./", StringComparison.Ordinal) ? glob[2..] : glob;
        var names = anchored.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (names.Contains("..") || names.Count == 0)
            throw new FormatException($"The pattern `{whole}` leaves the folder it is for, or names nothing in it.");
        if (!names.TrueForAll(name => Wildcard.HasOrderedRanges(name)))
            throw new FormatException($"A range in the pattern `{whole}` begins after its end.");
        if (!glob.Contains('/'))
            names.Insert(0, AnyFolders);
        // Two neighbouring `**` say what one does, and would be tried in every combination.
        return [.. names.Where((name, index) => name != AnyFolders || index == 0 || names[index - 1] != AnyFolders)];
    }

    private static void Expand(string glob, List<string> alternatives)
    {
        var open = glob.IndexOf('{');
        var close = open < 0 ? -1 : ClosingBrace(glob, open);
        if (close < 0)
        {
            alternatives.Add(glob);
            if (alternatives.Count > AlternativeLimit)
                throw new FormatException($"The braces of a pattern stand for more than {AlternativeLimit} alternatives.");
            return;
        }

        var from = open + 1;
        for (int index = from, depth = 0; index <= close; index++)
        {
            depth += glob[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (index == close || (glob[index] == ',' && depth == 0))
            {
                Expand(string.Concat(glob.AsSpan(0, open), glob.AsSpan(from..index), glob.AsSpan(close + 1)), alternatives);
                from = index + 1;
            }
        }
    }

    private static int ClosingBrace(string glob, int open)
    {
        var depth = 0;
        for (var index = open; index < glob.Length; index++)
        {
            depth += glob[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return index;
        }

        throw new FormatException($"A brace of the pattern `{glob}` is not closed.");
    }

    private static Regex Compile(string regex, string whole)
    {
        try
        {
            return new Regex(regex, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"The pattern `{whole}` can't be understood: {exception.Message}", exception);
        }
    }
}
