using System.Text;
using ServiceCtl.Client;
using ServiceCtl.Contracts;

namespace ServiceCtl.Tests.Integration.Projects;

/// <summary>
/// Projects of the templates as people get them, as far as each proves something different. <see cref="EveryProjectTests"/> has the rest.
/// </summary>
public sealed class ProjectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("projects-");

    /// <summary>FastAPI and Flask, in both layouts, with each database; and the other templates as they are.</summary>
    public static TheoryData<ProjectFramework, ProjectLayout, ProjectDatabase> Choices =>
    [
        .. from template in ProjectVerbs.Templates
           from layout in template.Layouts
           from database in template.Databases
           select (template.Framework, layout, database),
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task A_project_passes_its_own_tests(ProjectFramework framework, ProjectLayout layout, ProjectDatabase database)
    {
        var project = await NewProject.MakeAsync(Path.Combine(_folder.FullName, "p"), framework, layout, database);

        var tests = await project.RunAsync("pytest", "-q", "-p", "no:cacheprovider");

        Assert.True(tests.Code == 0 && tests.Output.Contains(" passed", StringComparison.Ordinal), tests.ToString());
    }

    /// <summary>Templates have most files in common: each text is looked at once, in the first project that has it.</summary>
    [Fact]
    public async Task Linters_find_nothing_and_every_file_can_be_read_by_what_reads_it()
    {
        HashSet<(string, string)> seen = [];
        var files = new StringBuilder();
        NewProject? first = null;
        foreach (var (framework, layout, database) in Choices.Select(row => row.Data))
        {
            var name = $"{framework}-{layout}-{database}";
            var project = await NewProject.MakeAsync(Path.Combine(_folder.FullName, name), framework, layout, database, parts: ["*"]);
            first ??= project;
            foreach (var file in project.Made.Files.Where(file =>
                seen.Add((file.Path, File.ReadAllText(Path.Combine(project.Folder, file.Path))))))
                files.Append(Path.Combine(project.Folder, file.Path)).Append('\n');
        }

        var list = Path.Combine(_folder.FullName, "list");
        await File.WriteAllTextAsync(list, files.ToString());
        var result = await NewProject.RunAsync(first!.Folder, Path.Combine(AppContext.BaseDirectory, "readable.py"), list);

        Assert.True(result.Code == 0, result.ToString());
    }

    [Theory]
    [InlineData(ProjectFramework.FastApi, ProjectLayout.Cordio, ProjectDatabase.None)]
    [InlineData(ProjectFramework.Flask, ProjectLayout.Minimal, ProjectDatabase.Sqlite)]
    public async Task It_starts_answers_passes_its_tests_and_is_restarted_under_load(
        ProjectFramework framework, ProjectLayout layout, ProjectDatabase database)
    {
        await StartedProject.ProveAsync(framework, layout, database);
    }
}
