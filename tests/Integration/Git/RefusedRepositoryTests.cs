using ServiceCtl.Engine.Git;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Git;

/// <summary>Repositories of somebody else, and those that git refuses: what can't be read is never "not a git checkout".</summary>
public sealed class RefusedRepositoryTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task A_repository_of_another_user_is_read_as_that_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a folder away");
        using var owner = new ThrowawayUser();
        // A clean filter runs when a file looks changed.
        _repository.Write(".gitattributes", "*.py filter=own\n");
        _repository.Git("config", "filter.own.clean", $"sh -c 'id -un >> {_repository.Path}/ran; cat'");
        _repository.Write("app.py", "VERSION = 2\n");
        File.SetUnixFileMode(Path.GetDirectoryName(_repository.Path)!, (UnixFileMode)0b111_101_101);
        owner.Own(_repository.Path);
        var commit = TemporaryRepository.RunGit("/", "-c", "safe.directory=*", "--git-dir", Path.Combine(_repository.Path, ".git"),
            "rev-parse", "HEAD");

        var reading = await ReadAsync(_repository.Path);

        Assert.Null(reading.Problem);
        Assert.Equal((commit, true), (reading.Revision!.Commit, reading.Revision.Dirty));
        Assert.Equal(owner.Name, File.ReadLines(Path.Combine(_repository.Path, "ran")).Distinct().Single());
    }

    /// <summary>Somebody has cloned as root and given away the folder, but not what is in it.</summary>
    [Theory]
    [InlineData(false, "parts of it belong to somebody else")]
    [InlineData(true, "a part of it is missing or may not be read")]
    public async Task A_repository_that_git_refuses_to_its_owner_is_a_problem_and_no_missing_one(bool isClosed, string said)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a folder away");
        using var owner = new ThrowawayUser();
        File.SetUnixFileMode(Path.GetDirectoryName(_repository.Path)!, (UnixFileMode)0b111_101_101);
        owner.Own(_repository.Path);
        var git = Path.Combine(_repository.Path, ".git");
        await CommandResult.RunAsync("/bin/chown", "-R", "root", git);
        File.SetUnixFileMode(git, (UnixFileMode)(isClosed ? 0b111_000_000 : 0b111_101_101));

        var reading = await ReadAsync(_repository.Path);

        Assert.Null(reading.Revision);
        Assert.Contains($"as {owner.Name}, whom the folder belongs to", reading.Problem);
        Assert.Contains(said, reading.Problem);
    }

    [Fact]
    public async Task A_worktree_whose_repository_has_gone_is_a_problem()
    {
        var folder = Directory.CreateDirectory(_repository.Beside("torn")).FullName;
        File.WriteAllText(Path.Combine(folder, ".git"), $"gitdir: {_repository.Path}/.git/worktrees/gone\n");

        Assert.Contains(folder, (await ReadAsync(folder)).Problem);
    }

    [Fact]
    public async Task The_status_gives_one_answer()
    {
        await using var home = new Home();
        var service = Sleepers.Create(home, "torn");
        File.WriteAllText(Path.Combine(service.Folder, ".git"), "gitdir: /nowhere/.git\n");
        Assert.Equal(0, (await home.RunAsync(service.Folder, "register")).Code);

        var page = (await home.RunAsync("/", "status", "torn")).Output;

        Assert.Matches("(?m)^commit +git takes the .git in .* for no repository", page);
        Assert.DoesNotContain("not a git checkout", page, StringComparison.Ordinal);
        Assert.Single(page.Split('\n'), line => line.Contains("for no repository", StringComparison.Ordinal));
        Assert.NotNull((await service.StatusAsync()).RevisionProblem);
    }

    private static Task<GitReading> ReadAsync(string folder) =>
        new GitReader(TimeProvider.System, Patience.Limit, LibGit.Read, new GitCommand("git"))
            .ReadAsync(folder, TestContext.Current.CancellationToken);
}
