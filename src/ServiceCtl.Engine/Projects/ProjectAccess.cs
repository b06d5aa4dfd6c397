using ServiceCtl.Contracts;
using ServiceCtl.Engine.Files;

namespace ServiceCtl.Engine.Projects;

/// <summary>What making and updating share: the way to a project's files, and what is said of them.</summary>
internal static class ProjectAccess
{
    /// <summary>Works with a project's files, with the rights of whose folder it is where root can't trust the way to it.</summary>
    public static T Use<T>(string folder, Func<ProjectFolder, T> work) =>
        NamedFolder.Use(folder, (opened, _) => work(new ProjectFolder(opened)));

    /// <inheritdoc cref="Use{T}"/>
    public static void Use(string folder, Action<ProjectFolder> work) => Use(folder, here =>
    {
        work(here);
        return true;
    });

    /// <summary>What is to be written and deleted.</summary>
    public static IEnumerable<(string Path, string? Before, string? After)> Edits(IEnumerable<PlannedChange> changes) =>
        changes.Where(change => change.TouchesIt).Select(change => (change.Path, change.Before, change.After));

    public static PyServiceProjectFile FileOf(PlannedChange change, string? difference) => new()
    {
        Path = change.Path,
        Change = change.Change,
        Reason = change.Reason,
        Difference = difference,
    };

    public static PyServiceProject Result(string folder, ProjectAnswers answers, IReadOnlyList<PyServiceProjectFile> files) => new()
    {
        Name = answers.Name.Distribution,
        Package = answers.Name.Package,
        Path = folder,
        Framework = TemplateCatalog.Read<ProjectFramework>(answers.Template.Id),
        Database = TemplateCatalog.Read<ProjectDatabase>(answers.Database),
        Layout = TemplateCatalog.Read<ProjectLayout>(answers.Layout),
        Port = answers.Port,
        Parts = answers.Parts,
        TemplateVersion = answers.Template.Version,
        // What a project remembers of its template is nobody's concern.
        Files = [.. files.Where(file => file.Path is not (ProjectMemory.RecordPath or ProjectMemory.PristinePath))],
    };

    public static ServiceCtlException Failed(string folder, string done, Exception error) => new(
        error is UnauthorizedAccessException ? ErrorCode.AccessDenied : ErrorCode.System, folder,
        $"The project {folder} can't be {done}: {error.Message.Replace("/proc/self/fd/", "fd ", StringComparison.Ordinal)} "
            + "Everything is as it was.",
        "Check the folder and its permissions.", error);
}
