using ServiceCtl.Client;
using ServiceCtl.Contracts;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Projects;

/// <summary>All of it for every choice: <c>./build.sh templates</c>. The suite of <c>./build.sh test</c> leaves this class out.</summary>
public sealed class EveryProjectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("projects-");

    public static TheoryData<ProjectFramework, ProjectLayout, ProjectDatabase, string> Parts =>
    [
        .. from template in ProjectVerbs.Templates
           from part in template.Parts.Select(part => part.Name).Append("*")
           from layout in template.Layouts
           let found = template.Parts.FirstOrDefault(each => each.Name == part)
           where found is null || found.Layouts.Count == 0 || found.Layouts.Contains(layout)
           select (template.Framework, layout, found?.Databases is { Count: > 0 } some ? some[0] : template.Databases[0], part),
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(ProjectTests.Choices), MemberType = typeof(ProjectTests))]
    public async Task Every_one_starts(ProjectFramework framework, ProjectLayout layout, ProjectDatabase database)
    {
        await StartedProject.ProveAsync(framework, layout, database);
    }

    [Theory]
    [MemberData(nameof(ProjectTests.Choices), MemberType = typeof(ProjectTests))]
    public async Task Every_one_is_clean_typed_and_builds(ProjectFramework framework, ProjectLayout layout, ProjectDatabase database)
    {
        await ProveToolsAsync(await NewProject.MakeAsync(Path.Combine(_folder.FullName, "p"), framework, layout, database));
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Every_part_alone_and_all_together_are_clean_typed_tested_and_built(
        ProjectFramework framework, ProjectLayout layout, ProjectDatabase database, string part)
    {
        var project = await NewProject.MakeAsync(Path.Combine(_folder.FullName, "p"), framework, layout, database, [part]);
        var tests = await project.RunAsync("pytest", "-q", "-p", "no:cacheprovider");
        Assert.True(tests.Code == 0, tests.ToString());
        await ProveToolsAsync(project);
    }

    /// <summary>What this machine has: up.py says what it lacks.</summary>
    private static async Task ProveToolsAsync(NewProject project)
    {
        foreach (var task in (string[])["check", "build", .. project.Made.Parts.Contains("docs") ? ["docs"] : (string[])[]])
        {
            var result = await NewProject.RunAsync(project.Folder, "up.py", task);
            Assert.True(result.Code == 0 || (task != "check" && result.Error.Contains("is not here:", StringComparison.Ordinal)),
                $"{task}: {result}");
        }

        if (project.Made.Parts.Contains("makefile"))
        {
            var make = await CommandResult.RunAsync("make", "-C", project.Folder, "-n");
            Assert.True(make.Code == 0, make.ToString());
        }
    }
}
