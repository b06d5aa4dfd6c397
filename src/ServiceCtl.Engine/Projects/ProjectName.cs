using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Engine.Projects;

/// <summary>
/// What a project is called, in each form that its files have: a distribution's name (PEP 503), which is its service's as well, and a
/// package that Python can import.
/// </summary>
internal sealed partial class ProjectName
{
    /// <summary>Lines of templates have room for so much.</summary>
    public const int MaxLength = 40;

    private const string Rule = "Use letters, digits and single '-', '_' or '.' between them, beginning with a letter, such as 'my-shop'.";

    private readonly string[] _words;

    private ProjectName(string[] words)
    {
        _words = words;
    }

    /// <summary><c>my-app</c></summary>
    public string Distribution => string.Join('-', _words);

    /// <summary><c>my_app</c></summary>
    public string Package => string.Join('_', _words);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static ProjectName Parse(string text)
    {
        if (!Valid().IsMatch(text))
            throw Refusal(text, $"'{VisibleText.Line(text)}' can't be a project's name.", Rule);
        if (text.Length > MaxLength)
            throw Refusal(text, $"'{VisibleText.Line(text)}' has {text.Length} characters; {MaxLength} are the most.", Rule);
        var name = new ProjectName(text.ToLowerInvariant().Split('-', '_', '.'));
        if (PythonNames.Keywords.Contains(name.Package) || PythonNames.Keywords.Contains(text))
            throw Refusal(text, $"'{text}' is a keyword of Python, which can't be imported.", name.Another);
        if (PythonNames.StandardModules.Contains(name.Package))
            throw Refusal(text, $"'{name.Package}' is a module of Python's standard library, which the project would hide.", name.Another);
        if (PythonNames.Taken.Contains(name.Package))
            throw Refusal(text, $"'{name.Package}' is a name that tools and files of projects have.", name.Another);
        return name;
    }

    /// <summary>Writes the name where a template has its own, as a whole word and in the form that stands there.</summary>
    public string Exchange(string text) => Placeholder().Replace(text, match => match.Value switch
    {
        "my-app" => Distribution,
        "my_app" => Package,
        "MyApp" => string.Concat(_words.Select(Capital)),
        "MY_APP" => Package.ToUpperInvariant(),
        _ => string.Join(' ', _words.Select(Capital)),
    });

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: a package that the project needs is called
    /// so.</exception>
    public void RequireFree(IEnumerable<ProjectFile> files)
    {
        foreach (var line in files.Where(file => file.Path.StartsWith("requirements", StringComparison.Ordinal))
                     .SelectMany(file => file.Text.Split('\n')))
        {
            var required = Requirement().Match(line);
            if (required.Success && PackageName.Normalize(required.Value) == Distribution)
                throw Refusal(Distribution, $"'{Distribution}' is a package that the project itself needs, and would hide.", Another);
        }
    }

    public override string ToString() => Distribution;

    private string Another => $"Choose another name, such as '{Distribution}-service'.";

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static ServiceCtlException Refusal(string text, string message, string advice) =>
        new(ErrorCode.InvalidArgument, text, message, advice);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*\z")]
    private static partial Regex Valid();

    [GeneratedRegex(@"(?<![A-Za-z0-9_])(my_app|my-app|MyApp|MY_APP|My App)(?![A-Za-z0-9_])")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*")]
    private static partial Regex Requirement();
}
