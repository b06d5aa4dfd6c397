using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Search;

namespace ServiceCtl.Engine.Configuration.Sources;

/// <summary>
/// Where configuration files are, relative to a project's folder or absolute: a file, a folder (everything in it that can be read), or a
/// pattern (<see cref="FilePattern"/>): <c>config/**/main.{json,yaml}</c>, <c>/etc/app/*.toml</c>, <c>regex:^conf.*\.ya?ml$</c>.
/// One with <c>!</c> takes away from what all others find.
/// </summary>
public sealed class SearchPlace
{
    private readonly string _text;
    private readonly bool _isName;
    private readonly string? _path;
    private readonly IReadOnlyList<(string Folder, FilePattern Pattern)> _patterns;

    private SearchPlace(string text, bool isName, string? path, IReadOnlyList<(string Folder, FilePattern Pattern)> patterns)
    {
        _text = text;
        _isName = isName;
        _path = path;
        _patterns = patterns;
    }

    /// <summary>
    /// Of a project that does not say otherwise: <c>main.json</c> and <c>main.yaml</c> below <c>config</c>, then everything in
    /// <c>config</c> and <c>etc</c>.
    /// </summary>
    public static IReadOnlyList<SearchPlace> Usual { get; } =
        [Parse("config/**/main.{json,yaml}"), Parse($"{{config,etc}}/**/{Readable}"), Parse("!config.schema.{yaml,yml,json}")];

    public bool IsExclusion => _text.StartsWith('!');

    /// <summary>Files that are somebody's variables are no part of a folder's configuration unless they are named.</summary>
    private static string Readable =>
        "*.{" + string.Join(',', ConfigurationFormat.All.Except([ConfigurationFormat.Env])
            .SelectMany(format => format.Extensions).Select(extension => extension[1..])) + "}";

    /// <exception cref="FormatException">It can't be understood; the message says why.</exception>
    public static SearchPlace Parse(string text)
    {
        var body = text.StartsWith('!') ? text[1..] : text;
        if (body.Trim().Length == 0)
            throw new FormatException("A place to search is empty.");
        if (body.StartsWith(FilePattern.RegexPrefix, StringComparison.Ordinal))
            return new SearchPlace(text, isName: false, null, [(".", FilePattern.Parse(body))]);
        if (!IsPattern(body))
            return new SearchPlace(text, isName: !body.Contains('/'), body, []);
        return new SearchPlace(text, isName: !body.Contains('/'), null, [.. FilePattern.Alternatives(body).Select(Split)]);
    }

    /// <summary>
    /// The files of all places, in the order of the places; those of one by their bare names, and by their paths where those are equal.
    /// </summary>
    /// <param name="places">Lowest first; exclusions count for all.</param>
    /// <param name="project">Absolute; where relative places start.</param>
    /// <param name="trace">Hears what was looked at.</param>
    /// <param name="problems">Hears of folders that can't be searched. One that is not there is no fault.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static IReadOnlyList<string> FindAll(
        IReadOnlyList<SearchPlace> places, string project, SearchTrace trace, ProblemList problems, CancellationToken cancellation)
    {
        var exclusions = places.Where(place => place.IsExclusion).ToArray();
        return
        [
            .. places.Where(place => !place.IsExclusion)
                .SelectMany(place => place.Find(project, trace, problems, cancellation))
                .Where(file => !Array.Exists(exclusions, exclusion => exclusion.Takes(file, project)))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    public override string ToString() => _text;

    private IReadOnlyList<string> Find(string project, SearchTrace trace, ProblemList problems, CancellationToken cancellation)
    {
        if (_path is null)
            return FileSearch.Ordered(_patterns.SelectMany(each => Search(each.Folder, each.Pattern)));

        var path = Path.GetFullPath(_path, project);
        if (Directory.Exists(path))
            return FileSearch.Ordered(Search(path, FilePattern.Parse(Readable)));
        trace.AddFile(path);
        return [path];

        IReadOnlyList<string> Search(string folder, FilePattern pattern) =>
            new FileSearch([pattern]).Find(Path.GetFullPath(folder, project), problems, cancellation, trace);
    }

    private bool Takes(string file, string project)
    {
        if (_path is null)
            return _patterns.Any(
                each => (_isName && each.Pattern.IsMatch(Path.GetFileName(file)))
                    || (Below(Path.GetFullPath(each.Folder, project)) is { } below && each.Pattern.IsMatch(below)));
        var path = Path.GetFullPath(_path, project);
        return file == path || Below(path) is not null || (_isName && Path.GetFileName(file) == _path);

        string? Below(string folder) => file.StartsWith($"{folder.TrimEnd('/')}/", StringComparison.Ordinal)
            ? file[(folder.TrimEnd('/').Length + 1)..] : null;
    }

    private static bool IsPattern(string text) => text.AsSpan().IndexOfAny("*?[{") >= 0;

    /// <summary>The folder to search in, as far as it is written out, and the pattern in it.</summary>
    private static (string Folder, FilePattern Pattern) Split(string glob)
    {
        var names = glob.Split('/');
        if (names.Length == 1)
            return (".", FilePattern.Parse(glob));
        var fixedNames = names.Take(names.Length - 1).TakeWhile(name => !IsPattern(name)).Count();
        var folder = string.Join('/', names.Take(fixedNames));
        return (folder.Length == 0 ? glob.StartsWith('/')
            ? "/" : "." : folder, FilePattern.Parse($"/{string.Join('/', names.Skip(fixedNames))}"));
    }
}
