using System.Security.Cryptography;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Projects;

/// <summary>Makes projects: whole or not at all, and never over what is there.</summary>
internal sealed class ProjectMaker
{
    private readonly TemplateCatalog _catalog;

    public ProjectMaker(TemplateCatalog catalog)
    {
        _catalog = catalog;
    }

    /// <summary>What would be made.</summary>
    /// <inheritdoc cref="MakeAsync"/>
    public PyServiceProject Plan(ProjectRequest request)
    {
        var (answers, files) = Compose(request);
        return InPlace(request) is { } folder
            ? Result(request, answers, [.. ChangesIn(folder, files)]) with { IsPlan = true }
            : Result(request, answers, [.. files.Select(Created)]) with { IsPlan = true };
    }

    /// <summary>
    /// Makes the project's folder beside its place and moves it there; in a folder that is there, writes what is missing.
    /// </summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.FileExists"/>: something else
    /// is there; <see cref="ErrorCode.System"/>: it can't be written, or committed.</exception>
    public async Task<PyServiceProject> MakeAsync(ProjectRequest request, CancellationToken cancellation)
    {
        var (answers, files) = Compose(request);
        try
        {
            if (InPlace(request) is not { } folder)
                return await MakeBesideAsync(request, answers, files, cancellation);
            IReadOnlyList<PlannedChange> changes = [.. ChangesIn(folder, files)];
            ProjectAccess.Use(request.Path, here => here.Apply(ProjectAccess.Edits(changes)));
            var commit = request.Git ? await new ProjectRepository(request.Path).BeginAsync(answers, cancellation) : null;
            return Result(request, answers, changes) with { Commit = commit };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ProjectAccess.Failed(request.Path, "made", error);
        }
    }

    private (ProjectAnswers Answers, IReadOnlyList<ProjectFile> Files) Compose(ProjectRequest request)
    {
        var answers = AnswerRules.Of(request, _catalog);
        var composed = ProjectComposer.Compose(_catalog.Files, answers);
        return (answers, [.. composed, .. ProjectMemory.FilesOf(answers, composed)]);
    }

    /// <returns>The folder that is there and may be written into; null where there is none.</returns>
    private static string? InPlace(ProjectRequest request)
    {
        if (!Path.Exists(request.Path))
            return null;
        if (File.Exists(request.Path))
            throw Exists(request, "is a file", "Choose another name or '--path'.");
        if (File.Exists(Path.Combine(request.Path, ProjectMemory.RecordPath)))
            throw Exists(request, "is a project already", "Bring it up to its template with 'servicectl new --update'.");
        // A repository that was cloned empty is meant to get a project.
        if (!request.Force && Directory.EnumerateFileSystemEntries(request.Path).Any(entry => Path.GetFileName(entry) != ".git"))
            throw Exists(request, "is there already, and holds other things",
                "Choose another name or '--path', or add '--force': it writes what is missing, and leaves what is there as it is.");
        if (request.Git && Path.Exists(Path.Combine(request.Path, ".git")))
            throw Exists(request, "is a git repository already", "Leave out '--git', and commit what was made.");
        return request.Path;
    }

    private static ServiceCtlException Exists(ProjectRequest request, string what, string advice) =>
        new(ErrorCode.FileExists, request.Path, $"{request.Path} {what}. Nothing was made.", advice);

    private static IEnumerable<PlannedChange> ChangesIn(string folder, IReadOnlyList<ProjectFile> files) =>
        ProjectAccess.Use(folder, here => files.Select(file => (File: file, Found: here.Find(file.Path))).ToList())
            .Where(each => each.Found.Text != each.File.Text)
            .Select(each => each.Found == FoundFile.Missing ? Created(each.File) : new PlannedChange(each.File.Path,
                ProjectFileChange.Kept, each.Found.Text, each.Found.Text, each.Found.Problem ?? "it was there"));

    private static PlannedChange Created(ProjectFile file) => new(file.Path, ProjectFileChange.Created, null, file.Text);

    private static async Task<PyServiceProject> MakeBesideAsync(
        ProjectRequest request, ProjectAnswers answers, IReadOnlyList<ProjectFile> files, CancellationToken cancellation)
    {
        var above = Path.GetDirectoryName(request.Path)!;
        var name = Path.GetFileName(request.Path);
        var beside = $".{name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.new";
        IReadOnlyList<PlannedChange> changes = [.. files.Select(Created)];
        NamedFile.MakeFolder(above);
        try
        {
            NamedFolder.Use(above, (opened, _) =>
            {
                var made = Path.Combine(opened, beside);
                Directory.CreateDirectory(made);
                new ProjectFolder(made).Apply(ProjectAccess.Edits(changes));
                return made;
            });
            var commit = request.Git
                ? await new ProjectRepository(Path.Combine(above, beside)).BeginAsync(answers, cancellation) : null;
            cancellation.ThrowIfCancellationRequested();
            NamedFolder.Use(above, (opened, _) =>
            {
                Directory.Move(Path.Combine(opened, beside), Path.Combine(opened, name));
                return name;
            });
            return Result(request, answers, changes) with { Commit = commit };
        }
        catch
        {
            NamedFolder.Use(above, (opened, _) =>
            {
                FolderTree.Delete(user: null, Path.Combine(opened, beside));
                return beside;
            });
            throw;
        }
    }

    private static PyServiceProject Result(ProjectRequest request, ProjectAnswers answers, IReadOnlyList<PlannedChange> changes) =>
        ProjectAccess.Result(request.Path, answers, [.. changes.Select(change => ProjectAccess.FileOf(change, difference: null))]);
}
