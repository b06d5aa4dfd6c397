using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Projects;

/// <summary>
/// What a project has of its template in <c>.servicectl</c>: its answers, and its files as they were made. They are lines of one file, so
/// that no linter, test runner or search takes them for the project's own, and git merges them line by line.
/// </summary>
internal sealed class ProjectMemory
{
    public const string RecordPath = ".servicectl/template.json";
    public const string PristinePath = ".servicectl/pristine.jsonl";

    private ProjectMemory(ProjectRecord record, IReadOnlyDictionary<string, string> pristine)
    {
        Record = record;
        Pristine = pristine;
    }

    public ProjectRecord Record { get; }

    /// <summary>The texts of the template, by their paths.</summary>
    public IReadOnlyDictionary<string, string> Pristine { get; }

    /// <summary>The two files that a project gets.</summary>
    public static IReadOnlyList<ProjectFile> FilesOf(ProjectAnswers answers, IReadOnlyList<ProjectFile> files)
    {
        var record = new ProjectRecord
        {
            Template = answers.Template.Id,
            Version = answers.Template.Version,
            Name = answers.Name.Distribution,
            Layout = answers.Layout,
            Database = answers.Database,
            Parts = answers.Parts,
            Port = answers.Port,
            Files = files.ToDictionary(file => file.Path, file => HashOf(file.Text)),
        };
        var pristine = string.Concat(files.Select(file =>
            JsonSerializer.Serialize(new PristineLine(file.Path, file.Text), ProjectJson.Lines.PristineLine) + "\n"));
        return [new(RecordPath, JsonSerializer.Serialize(record, ProjectJson.Default.ProjectRecord) + "\n"), new(PristinePath, pristine)];
    }

    /// <param name="folder">For messages.</param>
    /// <param name="record">The text of <see cref="RecordPath"/>.</param>
    /// <param name="pristine">The text of <see cref="PristinePath"/>.</param>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigInvalid"/>: they can't be read, or don't fit each
    /// other.</exception>
    public static ProjectMemory Read(string folder, string record, string pristine)
    {
        var known = Parse(folder, RecordPath, 0, record, text => JsonSerializer.Deserialize(text, ProjectJson.Default.ProjectRecord));
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var text in pristine.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = Parse(folder, PristinePath, number++, text,
                each => JsonSerializer.Deserialize(each, ProjectJson.Lines.PristineLine));
            if (!IsInside(line.Path) || line.Text is null)
                throw Broken(folder, PristinePath, number, 1, "names no file of the project");
            if (known.Files.GetValueOrDefault(line.Path) != HashOf(line.Text) || !texts.TryAdd(line.Path, line.Text))
                throw Broken(folder, PristinePath, number, 1, $"has another {line.Path} than {RecordPath} says");
        }

        if (known.Files.Keys.FirstOrDefault(path => !texts.ContainsKey(path)) is { } lost)
            throw Broken(folder, PristinePath, number, 1, $"has no {VisibleText.Line(lost)}, which {RecordPath} names");
        return new ProjectMemory(known, texts);
    }

    /// <summary>Nothing above the project is its file, and nothing of git's.</summary>
    private static bool IsInside(string? path) => !string.IsNullOrEmpty(path) && path.Split('/') is var parts && parts[0] != ".git"
        && parts.All(part => part is not ("" or "." or "..") && !part.Any(char.IsControl));

    private static T Parse<T>(string folder, string path, int line, string text, Func<string, T?> read)
        where T : class
    {
        try
        {
            return read(text) ?? throw Broken(folder, path, line + 1, 1, "holds nothing");
        }
        catch (JsonException error)
        {
            const string lacks = "missing required properties including: ";
            var at = error.Message.IndexOf(lacks, StringComparison.Ordinal);
            throw Broken(folder, path, line + 1 + (int)(error.LineNumber ?? 0), 1 + (int)(error.BytePositionInLine ?? 0),
                (at < 0
                    ? error.Message.Split(" Path:")[0] : $"it lacks {error.Message[(at + lacks.Length)..].Split(". ")[0]}").TrimEnd('.'),
                error);
        }
    }

    private static ServiceCtlException Broken(string folder, string path, int line, int column, string reason, Exception? inner = null) =>
        new(ErrorCode.ConfigInvalid, folder, $"{Path.Combine(folder, path)}:{line}:{column}: the project's record of its template can't be "
            + $"used: {reason}. Nothing was changed.", "Take it from git as it was: 'git checkout -- .servicectl'.", inner);

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
