using ServiceCtl.Contracts;
using ServiceCtl.Host.Output;

namespace ServiceCtl.Host.Commands;

/// <summary>How templates and projects are printed.</summary>
internal static class ProjectPage
{
    public static async Task WriteAsync(IReadOnlyList<PyServiceTemplate> templates)
    {
        foreach (var template in templates)
        {
            await ConsoleOutput.WriteLineAsync($"{Word(template.Framework)} {template.Version}: {template.Description}");
            await ConsoleOutput.WriteLineAsync($"  layouts    {string.Join(", ", template.Layouts.Select(Word))}");
            await ConsoleOutput.WriteLineAsync($"  databases  {string.Join(", ", template.Databases.Select(Word))}");
            if (template.Port is { } port)
                await ConsoleOutput.WriteLineAsync($"  port       {port}");
            foreach (var part in template.Parts)
                await ConsoleOutput.WriteLineAsync($"  --with {part.Name,-12} {part.Description}{OnlyFor(part)}");
        }
    }

    public static async Task WriteAsync(PyServiceProject project)
    {
        foreach (var file in project.Files)
        {
            await ConsoleOutput.WriteLineAsync(
                $"{file.Change.ToString().ToLowerInvariant(),-10} {file.Path}{(file.Reason is null ? "" : $" ({file.Reason})")}");
            if (file.Difference is { Length: > 0 } difference)
                await ConsoleOutput.WriteDocumentAsync(difference + "\n");
        }

        if (project.HasConflicts)
            await ConsoleOutput.WriteErrorLineAsync(project.IsPlan ? "The update would leave conflicts."
                : "There are conflicts: decide between the markers <<<<<<< and >>>>>>>, then commit.");
        await ConsoleOutput.WriteLineAsync(Closing(project));
    }

    private static string Closing(PyServiceProject project) => (project.FormerVersion, project.IsPlan) switch
    {
        (_, true) => "Nothing was changed.",
        (null, _) => $"{project.Name} was made in {project.Path}{(project.Commit is { } commit ? $", commit {commit}" : "")}.\n"
            + "Go there: 'servicectl env' makes its virtualenv, 'servicectl start' starts it, 'servicectl tests' tests it.",
        _ when project.Files.Count == 0 => $"{project.Name} is up to date with version {project.TemplateVersion} of its template.",
        _ => $"{project.Name} was brought from version {project.FormerVersion} of its template to {project.TemplateVersion}.",
    };

    private static string OnlyFor(PyServiceTemplatePart part) =>
        string.Join(" or ", part.Layouts.Select(Word).Concat(part.Databases.Select(Word))) is { Length: > 0 } words
            ? $" (for {words})" : "";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
