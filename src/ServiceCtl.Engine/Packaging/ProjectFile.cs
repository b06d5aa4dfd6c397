using ServiceCtl.Contracts;
using ServiceCtl.Engine.Configuration.Composition;
using ServiceCtl.Engine.Configuration.Formats.Toml;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Packaging;

/// <summary>pyproject.toml: what the project is called, and its version, which is changed where it stands.</summary>
internal sealed class ProjectFile
{
    private const string FileName = "pyproject.toml";
    private const int Longest = 4 << 20;

    private readonly string _text;
    private readonly ConfigScalar? _version;

    private ProjectFile(string path, string text, ConfigMapping root)
    {
        (Path, _text) = (path, text);
        var project = root.Find("project") as ConfigMapping;
        if (project is null)
            throw Wrong(root.Origin, "project", "There is no table `[project]`.", "Write `[project]` with `name` and `version`.");
        Name = project.Find("name") is ConfigScalar { Text: { Length: > 0 } name } ? name
            : throw Wrong(project.Origin, "project.name", "The project has no name.", "Write `name = \"shop\"` below `[project]`.");
        RequiresPython = (project.Find("requires-python") as ConfigScalar)?.Text;
        _version = project.Find("version") as ConfigScalar;
        Problem = project.Find("version") switch
        {
            ConfigScalar { Kind: ScalarKind.Text } => null,
            { } other => Wrong(other.Origin, "project.version", $"The version is {other.Description}.", "Write it in quotes: `\"1.0.0\"`."),
            null when project.Find("dynamic") is ConfigSequence dynamic
                && dynamic.Items.Any(item => item is ConfigScalar { Text: "version" })
                => Wrong(dynamic.Origin, "project.dynamic", "The version is dynamic: a build tool computes it.",
                    "Write `version = \"1.0.0\"` below `[project]`, and take it out of `dynamic`."),
            null => Wrong(project.Origin, "project.version", "The project has no version.",
                "Write `version = \"1.0.0\"` below `[project]`."),
        };
    }

    public string Path { get; }

    public string Name { get; }

    public string? RequiresPython { get; }

    /// <summary>The version, where there is one that can be changed.</summary>
    public string? FoundVersion => Problem is null ? _version!.Text : null;

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: there is none that can be changed.</exception>
    public string Version => Problem is null ? _version!.Text : throw Problem;

    /// <summary>The line of the version, from 1.</summary>
    public int VersionLine => _version!.Origin.Line!.Value;

    private ServiceCtlException? Problem { get; }

    public static string PathIn(string folder) => System.IO.Path.Combine(folder, FileName);

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>, <see cref="ErrorCode.ConfigInvalid"/>.</exception>
    public static ProjectFile Read(string folder, CancellationToken cancellation)
    {
        var path = PathIn(folder);
        byte[] bytes;
        try
        {
            bytes = UserFiles.ReadAll(user: null, path, Longest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.ConfigNotFound, path,
                error is FileNotFoundException or DirectoryNotFoundException ? $"There is no {path}."
                    : $"{path} can't be read: {error.Message}",
                "Name the folder of a project with pyproject.toml.", error);
        }

        var problems = new ProblemList();
        var source = SourceText.Decode(path, bytes, folder);
        try
        {
            var root = TomlReader.ReadRoot(source, problems, cancellation);
            return problems.Count == 0 ? new ProjectFile(path, source.Text, root) : throw ConfigurationReader.Invalid(problems.Sorted());
        }
        catch (MalformedSourceException error)
        {
            throw Wrong(error.Origin, null, error.Message, error.Advice);
        }
    }

    /// <summary>The file with another version; all else, comments too, is as it was.</summary>
    public string With(string version)
    {
        _ = Version;
        var start = 0;
        for (var line = 1; line < VersionLine; line++)
            start = _text.IndexOf('\n', start) + 1;
        start += _version!.Origin.Column!.Value - 1;
        var quote = _text[start];
        if (quote is not ('"' or '\'') || _text.IndexOf(quote, start + 1) is var end && (end < 0 || end == start + 1))
            throw Wrong(_version.Origin, "project.version", "The version is no plain text in quotes.", "Write it as `\"1.0.0\"`.");
        return string.Concat(_text.AsSpan(0, start + 1), version, _text.AsSpan(end));
    }

    private static ServiceCtlException Wrong(Origin origin, string? key, string message, string advice)
    {
        var problems = new ProblemList();
        problems.Add(origin, key, message, advice);
        return ConfigurationReader.Invalid(problems.Sorted());
    }
}
