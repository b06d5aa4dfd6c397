using ServiceCtl.Engine.Git;

namespace ServiceCtl.Tests.Unit.Git;

public sealed class ReleaseMarkTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _tree = Directory.CreateTempSubdirectory("mark-").FullName;
    private readonly string _folder;

    public ReleaseMarkTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_tree, "releases", "20260102030405")).FullName;
    }

    public void Dispose() => Directory.Delete(_tree, recursive: true);

    [Fact]
    public void Capistrano_s_files_tell_commit_and_time()
    {
        Write("REVISION", Commit + "\n");
        Write("REVISION_TIME", "1764500000");

        var mark = ReleaseMark.TryRead(Directory.CreateDirectory(Path.Combine(_folder, "api")).FullName);

        Assert.Equal((Commit, 1764500000), (mark!.Commit, mark.CommittedAt!.Value.ToUnixTimeSeconds()));
    }

    [Fact]
    public void The_record_tells_the_branch_as_well()
    {
        Write("REVISION", "fedcba9876543210");
        Write("release.json", $$"""{"commit": "{{Commit}}", "branch": "main", "state": "Ready"}""");

        Assert.Equal("0123456 (main)", $"{ReleaseMark.TryRead(_folder)}");
    }

    [Theory]
    [InlineData("REVISION", "root:x:0:0")]
    [InlineData("REVISION", "")]
    [InlineData("release.json", "{")]
    [InlineData("release.json", "[]")]
    [InlineData("release.json", "{\"commit\": 7}")]
    public void What_says_something_else_is_no_mark(string name, string text)
    {
        Write(name, text);

        Assert.Null(ReleaseMark.TryRead(_folder));
    }

    [Fact]
    public void In_a_checkout_git_knows_better()
    {
        Write("REVISION", Commit);
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));

        Assert.Null(ReleaseMark.TryRead(_folder));
    }

    [Fact]
    public void Above_the_release_nothing_is_looked_for()
    {
        File.WriteAllText(Path.Combine(_tree, "REVISION"), Commit);

        Assert.Null(ReleaseMark.TryRead(_folder));
        Assert.Null(ReleaseMark.TryRead(Directory.CreateDirectory(Path.Combine(_tree, "app")).FullName));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
