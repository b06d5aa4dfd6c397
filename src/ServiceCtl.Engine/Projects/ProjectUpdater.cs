using System.Globalization;
using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Projects;

/// <summary>Brings a project up to its template, or to other answers, and keeps what was changed in it. Needs no network.</summary>
internal sealed class ProjectUpdater
{
    private readonly TemplateCatalog _catalog;

    public ProjectUpdater(TemplateCatalog catalog)
    {
        _catalog = catalog;
    }

    /// <summary>What would be done, with the lines that differ.</summary>
    /// <inheritdoc cref="UpdateAsync"/>
    public async Task<PyServiceProject> PlanAsync(ProjectUpdateRequest request, CancellationToken cancellation)
    {
        using var tool = new TextTool();
        var update = await PrepareAsync(request, tool, cancellation);
        var files = new List<PyServiceProjectFile>();
        foreach (var change in update.Changes)
        {
            var difference = change.TouchesIt
                ? await tool.CompareAsync(change.Path, change.Before, change.After, cancellation) : null;
            files.Add(ProjectAccess.FileOf(change, difference));
        }

        return Result(request, update, files) with { IsPlan = true };
    }

    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.ConfigNotFound"/>: the folder is no project;
    /// <see cref="ErrorCode.ConfigInvalid"/>: its record can't be read; <see cref="ErrorCode.InvalidState"/>: files that are to be changed
    /// have changes that no commit has; <see cref="ErrorCode.InvalidArgument"/>; <see cref="ErrorCode.System"/>.</exception>
    public async Task<PyServiceProject> UpdateAsync(ProjectUpdateRequest request, CancellationToken cancellation)
    {
        using var tool = new TextTool();
        var update = await PrepareAsync(request, tool, cancellation);
        if (!request.Force)
            await RequireCommittedAsync(request.Path, update.Changes, cancellation);
        try
        {
            // What the project remembers is written last: until then, the same update can be done again.
            ProjectAccess.Use(request.Path, here => here.Apply(ProjectAccess.Edits(update.Changes).Concat(update.Memory)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ProjectAccess.Failed(request.Path, "updated", error);
        }

        return Result(request, update, [.. update.Changes.Select(change => ProjectAccess.FileOf(change, difference: null))]);
    }

    private sealed record Update(ProjectAnswers Answers, string FormerVersion, IReadOnlyList<PlannedChange> Changes,
        IReadOnlyList<(string Path, string? Before, string? After)> Memory);

    private async Task<Update> PrepareAsync(ProjectUpdateRequest request, TextTool tool, CancellationToken cancellation)
    {
        try
        {
            var (memory, remembered) = ReadMemory(request.Path);
            var had = AnswersOf(memory.Record, request.Path);
            var answers = AnswerRules.Change(had, request);
            var files = ProjectComposer.Compose(_catalog.Files, answers);
            var wanted = files.ToDictionary(file => file.Path, file => file.Text);
            string[] paths = [.. memory.Pristine.Keys.Union(wanted.Keys)];
            var found = ProjectAccess.Use(request.Path, here => paths.ToDictionary(path => path, here.Find));
            var changes = await UpdatePlan.MakeAsync(memory.Pristine, wanted, path => found[path],
                (_, own, from, to) => tool.MergeAsync(own, from, to, $"template {answers.Template.Version}", cancellation));
            return new Update(answers, memory.Record.Version, changes,
            [
                .. ProjectMemory.FilesOf(answers, files)
                    .Select(file => (file.Path, Before: remembered[file.Path], After: (string?)file.Text))
                    .Where(file => file.Before != file.After),
            ]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ProjectAccess.Failed(request.Path, "read", error);
        }
    }

    private static (ProjectMemory Memory, IReadOnlyDictionary<string, string?> Texts) ReadMemory(string folder)
    {
        string[] paths = [ProjectMemory.RecordPath, ProjectMemory.PristinePath];
        var texts = Directory.Exists(folder)
            ? ProjectAccess.Use(folder, here => paths.ToDictionary(path => path, path => here.Find(path).Text)) : [];
        if (texts.GetValueOrDefault(paths[0]) is not { } record || texts.GetValueOrDefault(paths[1]) is not { } pristine)
            throw new ServiceCtlException(ErrorCode.ConfigNotFound, folder,
                $"{folder} is no project that was made from a template: it has no {paths[0]} with {paths[1]}.",
                "Name the project's folder with '--path', or make a project with 'servicectl new'.");
        return (ProjectMemory.Read(folder, record, pristine), texts);
    }

    private ProjectAnswers AnswersOf(ProjectRecord record, string folder)
    {
        var template = _catalog.Get(record.Template);
        if (IsLater(record.Version, template.Version))
            throw new ServiceCtlException(ErrorCode.InvalidState, folder,
                $"The project has version {record.Version} of its template, and this ServiceCtl has {template.Version}. "
                    + "Nothing was changed.",
                "Update it with the ServiceCtl that it was made or last updated with, or a later one.");
        if (!template.Layouts.ContainsKey(record.Layout) || !template.Databases.Contains(record.Database))
            throw new ServiceCtlException(ErrorCode.InvalidState, folder,
                $"The template {template.Id} no longer has the layout {record.Layout} or the database {record.Database}. "
                    + "Nothing was changed.",
                "Leave the project as it is, or update it with the ServiceCtl that it was made with.");
        // Parts that the template has no longer are taken away as any other.
        return new ProjectAnswers(ProjectName.Parse(record.Name), template, record.Layout, record.Database, record.Parts,
            record.Port ?? template.Port);
    }

    private static bool IsLater(string version, string than) =>
        Version.TryParse(version, out var left) && Version.TryParse(than, out var right) && left > right;

    private static async Task RequireCommittedAsync(
        string folder, IReadOnlyList<PlannedChange> changes, CancellationToken cancellation)
    {
        var dirty = await new ProjectRepository(folder)
            .FindDirtyAsync([.. changes.Where(change => change.TouchesIt).Select(change => change.Path)], cancellation);
        if (dirty.Count == 0)
            return;
        const int most = 10;
        var shown = string.Join(", ", dirty.Take(most).Select(VisibleText.Line));
        throw new ServiceCtlException(ErrorCode.InvalidState, folder, string.Create(CultureInfo.InvariantCulture,
            $"Files that the update changes have changes that are not committed: {shown}"
                + $"{(dirty.Count > most ? $" and {dirty.Count - most} more" : "")}. Nothing was changed."),
            "Commit or stash them, so that git can show what the update does, or add '--force'.");
    }

    private static PyServiceProject Result(ProjectUpdateRequest request, Update update, IReadOnlyList<PyServiceProjectFile> files) =>
        ProjectAccess.Result(request.Path, update.Answers, files) with { FormerVersion = update.FormerVersion };
}
