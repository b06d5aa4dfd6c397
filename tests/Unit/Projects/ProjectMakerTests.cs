using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

public sealed class ProjectMakerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("project-");
    private readonly TemplateCatalog _catalog = Templates.Of(
        "1.0", ("common/base/up.py", "#!/bin/sh\n"), ("common/base/my_app/a.py", "a\n"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_project_is_made_with_its_record_and_scripts_can_be_run()
    {
        var request = Templates.Request(_folder.FullName);

        var plan = new ProjectMaker(_catalog).Plan(request);
        Assert.Empty(_folder.GetFileSystemInfos());
        var project = await new ProjectMaker(_catalog).MakeAsync(request, CancellationToken.None);

        Assert.Equal(["home/web_shop/a.py: Created", "up.py: Created"], project.Files.Select(file => file.ToString()));
        Assert.Equal(project.Files, plan.Files);
        Assert.Equal((true, false), (plan.IsPlan, project.IsPlan));
        Assert.True(File.GetUnixFileMode(Path.Combine(request.Path, "up.py")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(request.Path, "home/web_shop/a.py")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal([".servicectl", "home", "up.py"], Directory.GetFileSystemEntries(request.Path).Select(Path.GetFileName).Order());
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task What_is_there_is_left_alone_unless_forced_and_then_it_is_left_as_it_is()
    {
        var request = Templates.Request(_folder.FullName);
        Directory.CreateDirectory(request.Path);
        File.WriteAllText(Path.Combine(request.Path, "up.py"), "mine\n");

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => MakeAsync(request));
        Assert.Equal(ErrorCode.FileExists, refused.Code);
        var forced = await MakeAsync(request with { Force = true });

        Assert.Equal(["home/web_shop/a.py: Created", "up.py: Kept: it was there"], forced.Files.Select(file => file.ToString()));
        Assert.Equal("mine\n", File.ReadAllText(Path.Combine(request.Path, "up.py")));
        var again = await Assert.ThrowsAsync<ServiceCtlException>(() => MakeAsync(request with { Force = true }));
        Assert.Contains("is a project already", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_was_cloned_empty_gets_a_project()
    {
        var request = Templates.Request(_folder.FullName);
        Directory.CreateDirectory(Path.Combine(request.Path, ".git"));

        Assert.Equal(2, (await MakeAsync(request)).Files.Count);
    }

    [Fact]
    public async Task Nothing_is_left_of_what_could_not_be_made()
    {
        // A file in the place of a folder.
        File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        var inFile = Templates.Request(Path.Combine(_folder.FullName, "file"));
        // A folder that can't be made whole: in it, a file has a folder's name.
        var inPlace = Templates.Request(_folder.FullName) with { Force = true };
        Directory.CreateDirectory(inPlace.Path);
        File.WriteAllText(Path.Combine(inPlace.Path, ".servicectl"), "");

        await Assert.ThrowsAsync<ServiceCtlException>(() => MakeAsync(inFile));
        var kept = await MakeAsync(inPlace);

        Assert.Contains(".servicectl", Directory.GetFileSystemEntries(inPlace.Path).Select(Path.GetFileName));
        Assert.Equal(2, kept.Files.Count);
        Assert.Equal(["file", "web-shop"], _folder.GetFileSystemInfos().Select(entry => entry.Name).Order());
    }

    [Fact]
    public void Changes_are_undone_when_one_fails()
    {
        var folder = new ProjectFolder(_folder.FullName);
        File.WriteAllText(Path.Combine(_folder.FullName, "a"), "1");
        File.WriteAllText(Path.Combine(_folder.FullName, "b"), "1");

        Assert.Throws<IOException>(() => folder.Apply(
            [("a", "1", "2"), ("b", "1", null), ("x/y", null, "new"), ("c", "what was there", "2")]));

        Assert.Equal(["a", "b"], _folder.GetFileSystemInfos().Select(entry => entry.Name).Order());
        Assert.Equal("11", File.ReadAllText(Path.Combine(_folder.FullName, "a")) + File.ReadAllText(Path.Combine(_folder.FullName, "b")));
    }

    [Fact]
    public async Task A_repository_is_made_with_a_first_commit_or_nothing_at_all()
    {
        var request = Templates.Request(_folder.FullName) with { Git = true };
        File.WriteAllText(Path.Combine(_folder.FullName, "up.py"), "");

        // The tests' user may be one whom git does not know: then nothing is made, and git's own words say why.
        try
        {
            Assert.Matches("^[0-9a-f]{7,}$", (await MakeAsync(request)).Commit!);
        }
        catch (ServiceCtlException error)
        {
            Assert.Equal(ErrorCode.System, error.Code);
            Assert.NotEmpty(error.Report.LogLines);
            Assert.Equal(["up.py"], _folder.GetFileSystemInfos().Select(entry => entry.Name));
        }
    }

    private Task<PyServiceProject> MakeAsync(ProjectRequest request) =>
        new ProjectMaker(_catalog).MakeAsync(request, CancellationToken.None);
}
