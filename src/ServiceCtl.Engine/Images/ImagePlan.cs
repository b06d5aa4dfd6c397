using System.Text.RegularExpressions;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Environments;
using ServiceCtl.Engine.Files;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Engine.Images;

/// <summary>What the image of a service is made of.</summary>
/// <param name="Definition">The service.</param>
/// <param name="Requirements">The file of what is installed, relative to its folder; null for none.</param>
/// <param name="Lines">Of that file, without comments.</param>
internal sealed partial record ImagePlan(ServiceDefinition Definition, string? Requirements, IReadOnlyList<string> Lines)
{
    private const int Longest = 1 << 20;
    private const string UsualPython = "3.13";
    private const string Lock = "uv.lock";
    private const string Project = "pyproject.toml";

    /// <summary>The port inside: the one that the engine publishes, where the configuration names it.</summary>
    public int Port => Definition.Container?.Port ?? ImageServer.UsualPort;

    public ImageServer Server => ImageServer.Of(Definition, Port, Lines);

    /// <summary>As the tags of Python's own images have it.</summary>
    public string Python => Minor().Match(Definition.Venv.Python) is { Success: true, Value: var version } ? version : UsualPython;

    public bool IsLock => Path.GetFileName(Requirements) == Lock;

    public bool IsProject => Path.GetFileName(Requirements) == Project;

    /// <summary>Does installing them read other files than the one that names them?</summary>
    public bool NeedsSources => IsProject || Lines.Any(line => Other().IsMatch(line));

    public bool NeedsCordio => !IsLock && (IsProject ? CordioRequirement.IsInProject(Lines) : Lines.Any(CordioRequirement.Is));

    /// <summary>What the server needs and the requirements do not name; null for nothing.</summary>
    public string? MissingServer => Server.Package is { } package
        && !Lines.Any(line => IsLock || IsProject ? line.Contains(package, StringComparison.OrdinalIgnoreCase)
            : ImageServer.Requires(line, package)) ? package : null;

    /// <summary>The page that says whether it is well, and is its own; null for none.</summary>
    public string? Page => PathOf(Definition.Ready.HttpPath) ?? PathOf(Definition.Health?.HttpPath);

    /// <summary>Of the service's folder, below it; null for another.</summary>
    public string? Inside(string path)
    {
        var relative = Path.GetRelativePath(Definition.Folder, path);
        return relative == "." || Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)
            ? null : relative;
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.System"/>: a file can't be read.</exception>
    public static ImagePlan Of(ServiceDefinition definition)
    {
        string[] usual = [Lock, "requirements.txt", Project];
        var file = definition.Venv.Requirements
            ?? usual.Select(name => Path.Combine(definition.Folder, name)).FirstOrDefault(File.Exists);
        var relative = file is null ? null : Path.GetRelativePath(definition.Folder, file);
        if (relative?.StartsWith("..", StringComparison.Ordinal) == true)
        {
            throw new ServiceCtlException(ErrorCode.InvalidArgument, file,
                $"{file} is outside {definition.Folder}, so a build does not see it.", "Put it into the service's folder.");
        }

        try
        {
            var bytes = file is null ? [] : UserFiles.ReadAll(user: null, file, Longest);
            var lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
            return new ImagePlan(definition, relative,
                [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'))]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServiceCtlException(ErrorCode.System, file, $"{file} can't be read: {error.Message}",
                "Correct service.venv.requirements, or the file's permissions.", error);
        }
    }

    /// <summary>A URL of another host says nothing of the container.</summary>
    private string? PathOf(string? page)
    {
        if (page is null || page.StartsWith('/'))
            return page;
        return Uri.TryCreate(page, UriKind.Absolute, out var address) && address.Scheme == "http"
            && Definition.Listens.Any(listen => listen.EndPoint?.Port == address.Port) ? address.PathAndQuery : null;
    }

    [GeneratedRegex(@"(?<!\d)3\.\d+")]
    private static partial Regex Minor();

    [GeneratedRegex(@"^(-r|-c|-e|--requirement|--constraint|--editable|\.|/|file:)")]
    private static partial Regex Other();
}
