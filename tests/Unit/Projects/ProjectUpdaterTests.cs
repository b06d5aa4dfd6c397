using System.Diagnostics;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Projects;

namespace ServiceCtl.Tests.Unit.Projects;

public sealed class ProjectUpdaterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("update-");
    private readonly ProjectRequest _request;

    public ProjectUpdaterTests()
    {
        _request = Templates.Request(_folder.FullName);
    }

    private static TemplateCatalog One => Templates.Of("1.0", ("common/base/a", "1\n2\n3\n4\n5\n"), ("common/base/b", "b\n"),
        ("common/base/gone/c", "c\n"), ("common/with-docs/docs/d", "d\n"));

    private static TemplateCatalog Two => Templates.Of("1.1", ("common/base/a", "1\n2\n3\n4\nfive\n"), ("common/base/b", "#!/b\n"),
        ("common/base/new", "new\n"), ("common/with-docs/docs/d", "d\n"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Untouched_files_follow_changed_ones_are_merged_and_deleted_ones_stay_deleted()
    {
        await MakeAsync();
        Write("a", "one\n2\n3\n4\n5\n");

        var plan = await new ProjectUpdater(Two).PlanAsync(Update(), CancellationToken.None);
        var project = await UpdateAsync(Two, Update());
        var again = await UpdateAsync(Two, Update());

        Assert.Equal(["a: Merged", "b: Replaced", "gone/c: Deleted", "new: Created"], project.Files.Select(file => file.ToString()));
        Assert.Equal(("1.0", "1.1", false), (project.FormerVersion, project.TemplateVersion, project.HasConflicts));
        Assert.Equal("one\n2\n3\n4\nfive\n", Read("a"));
        Assert.False(Directory.Exists(Path.Combine(_request.Path, "gone")));
        Assert.True(File.GetUnixFileMode(Path.Combine(_request.Path, "b")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("--- a/a\n+++ b/a\n@@ -2,4 +2,4 @@ one\n 2\n 3\n 4\n-5\n+five", plan.Files[0].Difference);
        Assert.Equal("--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+new", plan.Files[3].Difference);
        Assert.Empty(again.Files);
    }

    [Fact]
    public async Task What_can_not_be_merged_is_kept_with_its_reason()
    {
        await MakeAsync();
        File.Delete(Path.Combine(_request.Path, "a"));
        Write("gone/c", "mine\n");
        File.Delete(Path.Combine(_request.Path, "b"));
        File.CreateSymbolicLink(Path.Combine(_request.Path, "b"), "elsewhere");
        Directory.CreateDirectory(Path.Combine(_request.Path, "new"));

        var project = await UpdateAsync(Two, Update());

        Assert.Equal(
            ["a: Kept: it was deleted", "b: Kept: it is a link", "gone/c: Kept: the template has it no longer, and it was changed",
                "new: Kept: it is a folder"],
            project.Files.Select(file => file.ToString()));
        Assert.False(File.Exists(Path.Combine(_request.Path, "a")));
        Assert.Empty((await UpdateAsync(Two, Update())).Files);
    }

    [Fact]
    public async Task The_same_lines_changed_twice_stay_between_markers()
    {
        await MakeAsync();
        Write("a", "1\n2\n3\n4\nmine\n");

        var project = await UpdateAsync(Two, Update());

        Assert.True(project.HasConflicts);
        Assert.Equal("1\n2\n3\n4\n<<<<<<< yours\nmine\n=======\nfive\n>>>>>>> template 1.1\n", Read("a"));
    }

    [Fact]
    public async Task Parts_are_added_and_taken_away_later()
    {
        await MakeAsync();

        var added = await UpdateAsync(One, Update() with { With = ["docs"] });
        var taken = await UpdateAsync(One, Update() with { Without = ["docs"] });
        var absent = await Assert.ThrowsAsync<ServiceCtlException>(() => UpdateAsync(One, Update() with { Without = ["docs"] }));

        Assert.Equal("docs", Assert.Single(added.Parts));
        Assert.Equal("docs/d: Created", Assert.Single(added.Files).ToString());
        Assert.Empty(taken.Parts);
        Assert.Equal("docs/d: Deleted", Assert.Single(taken.Files).ToString());
        Assert.Equal("It has no optional parts.", absent.Advice);
    }

    [Fact]
    public async Task What_a_choice_brings_can_be_taken_away_for_good()
    {
        var catalog = Templates.Of("1.0", """, "brings": {"redis": ["late"]}""", ("common/with-late/late", "late\n"));
        var updater = new ProjectUpdater(catalog);
        await new ProjectMaker(catalog).MakeAsync(_request, CancellationToken.None);

        var brought = await updater.UpdateAsync(Update() with { Database = ProjectDatabase.Redis }, CancellationToken.None);
        var taken = await updater.UpdateAsync(Update() with { Without = ["late"] }, CancellationToken.None);
        var later = await updater.UpdateAsync(Update(), CancellationToken.None);

        Assert.Equal("late: Created", Assert.Single(brought.Files).ToString());
        Assert.Equal("late: Deleted", Assert.Single(taken.Files).ToString());
        Assert.Empty(later.Parts);
    }

    [Fact]
    public async Task Files_with_changes_that_no_commit_has_are_refused_and_only_where_they_are_concerned()
    {
        await MakeAsync();
        Git("init", "--quiet");
        Git("add", "--all");
        Git("commit", "--quiet", "--message", "all");
        Write("unconcerned", "x");

        Write("a", "one\n2\n3\n4\n5\n");
        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => UpdateAsync(Two, Update()));
        Assert.Equal(ErrorCode.InvalidState, refused.Code);
        Assert.Contains("not committed: a. Nothing", refused.Message, StringComparison.Ordinal);
        Assert.Equal("b\n", Read("b"));

        Git("commit", "--quiet", "--all", "--message", "mine");
        Assert.Equal(4, (await UpdateAsync(Two, Update())).Files.Count);
    }

    [Fact]
    public async Task A_project_of_a_later_template_is_left_alone()
    {
        await new ProjectMaker(Two).MakeAsync(_request, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => UpdateAsync(One, Update()));

        Assert.Equal(ErrorCode.InvalidState, refused.Code);
    }

    [Theory]
    [InlineData("template.json", "}", "", @"template\.json:\d+:\d+: ")]
    [InlineData("template.json", "\"version\": \"1.0\",", "", @"template\.json:\d+:\d+: .*it lacks 'version'")]
    [InlineData("pristine.jsonl", "\"path\":\"b\"", "\"path\":\"../b\"", @"pristine\.jsonl:2:1:")]
    [InlineData("pristine.jsonl", "\"path\":\"b\"", "\"path\":\".git/hooks/b\"", @"pristine\.jsonl:2:1:")]
    [InlineData("pristine.jsonl", "\"path\":\"b\"", "\"path\":\"/b\"", @"pristine\.jsonl:2:1:")]
    [InlineData("pristine.jsonl", "b\\n", "x\\n", @"pristine\.jsonl:2:1:")]
    [InlineData("pristine.jsonl", "{", "[", @"pristine\.jsonl:1:")]
    public async Task A_record_that_was_tampered_with_is_refused_with_its_place(string file, string old, string now, string place)
    {
        await MakeAsync();
        var path = Path.Combine(".servicectl", file);
        var text = Read(path);
        var at = text.LastIndexOf(old, StringComparison.Ordinal);
        Write(path, file == "pristine.jsonl"
            ? text.Replace(old, now, StringComparison.Ordinal) : text[..at] + now + text[(at + old.Length)..]);

        var refused = await Assert.ThrowsAsync<ServiceCtlException>(() => UpdateAsync(Two, Update()));

        Assert.Equal(ErrorCode.ConfigInvalid, refused.Code);
        Assert.Matches(place, refused.Message);
        Assert.Equal("b\n", Read("b"));
    }

    [Fact]
    public async Task A_folder_that_is_no_project_is_said_so()
    {
        foreach (var path in (string[])[_folder.FullName, Path.Combine(_folder.FullName, "nowhere")])
            Assert.Equal(ErrorCode.ConfigNotFound,
                (await Assert.ThrowsAsync<ServiceCtlException>(() => UpdateAsync(One, Update() with { Path = path }))).Code);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_that_leads_out()
    {
        await MakeAsync();
        var outside = _folder.CreateSubdirectory("outside").FullName;
        File.CreateSymbolicLink(Path.Combine(_request.Path, "docs"), outside);

        var project = await UpdateAsync(One, Update() with { With = ["docs"] });

        Assert.Equal("docs/d: Kept: docs is a link", project.Files.Single().ToString());
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    private ProjectUpdateRequest Update() => new() { Path = _request.Path };

    private Task<PyServiceProject> MakeAsync() => new ProjectMaker(One).MakeAsync(_request, CancellationToken.None);

    private static Task<PyServiceProject> UpdateAsync(TemplateCatalog catalog, ProjectUpdateRequest request) =>
        new ProjectUpdater(catalog).UpdateAsync(request, CancellationToken.None);

    private string Read(string path) => File.ReadAllText(Path.Combine(_request.Path, path));

    private void Write(string path, string text) => File.WriteAllText(Path.Combine(_request.Path, path), text);

    private void Git(params string[] arguments)
    {
        using var git = Process.Start("git", ["-C", _request.Path, "-c", "user.name=a", "-c", "user.email=a@localhost", .. arguments]);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
