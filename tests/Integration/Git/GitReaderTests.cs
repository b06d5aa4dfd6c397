using System.Diagnostics;
using ServiceCtl.Engine.Git;
using ServiceCtl.Tests.Integration.Support;

namespace ServiceCtl.Tests.Integration.Git;

/// <summary>Every case is read twice: in process, and by the command that stands in where libgit2 can't be loaded.</summary>
public sealed class GitReaderTests : IDisposable
{
    private readonly TemporaryRepository _repository = new();

    public enum Way
    {
        InProcess,
        Command,
    }

    public static TheoryData<Way> Ways => [Way.InProcess, Way.Command];

    public void Dispose() => _repository.Dispose();

    [Theory, MemberData(nameof(Ways))]
    public async Task A_clean_checkout_is_told_with_commit_branch_subject_and_time(Way way)
    {
        var reading = await ReadAsync(way, _repository.Path);

        Assert.Null(reading.Problem);
        Assert.NotNull(reading.Revision);
        Assert.Equal(_repository.Git("rev-parse", "HEAD"), reading.Revision.Commit);
        Assert.Equal("main", reading.Revision.Branch);
        Assert.Equal("First line second line", reading.Revision.Subject);
        Assert.Equal(DateTimeOffset.Parse(_repository.Git("show", "-s", "--format=%cI")), reading.Revision.CommittedAt);
        Assert.False(reading.Revision.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_subject_beyond_ascii_is_told_as_written(Way way)
    {
        _repository.Write("app.py", "VERSION = 2\n");
        _repository.CommitAll("Перезапуск без потерь");

        Assert.Equal("Перезапуск без потерь", (await ReadAsync(way, _repository.Path)).Revision?.Subject);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_changed_tracked_file_makes_it_dirty(Way way)
    {
        _repository.Write("lib/part.py", "PART = 2\n");

        Assert.True((await ReadAsync(way, _repository.Path)).Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_staged_change_makes_it_dirty(Way way)
    {
        _repository.Write("new.py", "");
        _repository.Git("add", "new.py");

        Assert.True((await ReadAsync(way, _repository.Path)).Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_untracked_file_does_not_make_it_dirty(Way way)
    {
        _repository.Write("log/service.log", "line\n");

        Assert.False((await ReadAsync(way, _repository.Path)).Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_detached_head_has_a_commit_and_no_branch(Way way)
    {
        _repository.Git("checkout", "--quiet", "--detach");

        var revision = (await ReadAsync(way, _repository.Path)).Revision;

        Assert.Equal(_repository.Git("rev-parse", "HEAD"), revision?.Commit);
        Assert.Null(revision?.Branch);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_unborn_branch_has_a_name_and_no_commit(Way way)
    {
        var folder = Directory.CreateDirectory(_repository.Beside("unborn")).FullName;
        TemporaryRepository.RunGit(folder, "init", "--quiet", "--initial-branch=trunk");

        var reading = await ReadAsync(way, folder);

        Assert.Null(reading.Problem);
        Assert.Equal("trunk", reading.Revision?.Branch);
        Assert.Null(reading.Revision?.Commit);
        Assert.False(reading.Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_folder_inside_a_checkout_is_told_of_the_whole_checkout(Way way)
    {
        _repository.Write("app.py", "VERSION = 2\n");

        var revision = (await ReadAsync(way, Path.Combine(_repository.Path, "lib"))).Revision;

        Assert.Equal(_repository.Git("rev-parse", "HEAD"), revision?.Commit);
        Assert.True(revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_link_to_a_checkout_is_followed(Way way)
    {
        var link = Directory.CreateSymbolicLink(_repository.Beside("current"), Path.Combine(_repository.Path, "lib")).FullName;

        Assert.Equal("main", (await ReadAsync(way, link)).Revision?.Branch);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_worktree_is_told_by_its_own_branch(Way way)
    {
        _repository.Git("worktree", "add", "--quiet", "-b", "side", _repository.Beside("worktree"));
        File.WriteAllText(Path.Combine(_repository.Beside("worktree"), "app.py"), "VERSION = 3\n");

        var worktree = (await ReadAsync(way, _repository.Beside("worktree"))).Revision;
        var main = (await ReadAsync(way, _repository.Path)).Revision;

        Assert.Equal(("side", true), (worktree?.Branch, worktree?.Dirty));
        Assert.Equal(("main", false), (main?.Branch, main?.Dirty));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_submodule_is_a_checkout_of_its_own(Way way)
    {
        var outer = AddSubmodule();
        _repository.Git("commit", "--quiet", "--allow-empty", "--message", "later than the submodule");

        var submodule = (await ReadAsync(way, Path.Combine(outer, "part"))).Revision;
        var around = (await ReadAsync(way, outer)).Revision;

        Assert.Equal("First line second line", submodule?.Subject);
        Assert.Equal(("outer", false), (around?.Subject, around?.Dirty));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_untracked_file_in_a_submodule_does_not_make_the_outer_checkout_dirty(Way way)
    {
        var outer = AddSubmodule();
        File.WriteAllText(Path.Combine(outer, "part", "untracked.txt"), "");

        Assert.False((await ReadAsync(way, outer)).Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_changed_file_in_a_submodule_makes_the_outer_checkout_dirty(Way way)
    {
        var outer = AddSubmodule();
        File.WriteAllText(Path.Combine(outer, "part", "app.py"), "VERSION = 4\n");

        Assert.True((await ReadAsync(way, outer)).Revision?.Dirty);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_bare_repository_is_no_checkout(Way way)
    {
        _repository.Git("clone", "--quiet", "--bare", ".", _repository.Beside("bare.git"));

        Assert.Equal(new GitReading(null, null), await ReadAsync(way, _repository.Beside("bare.git")));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_folder_without_a_repository_is_no_checkout(Way way)
    {
        var folder = Directory.CreateDirectory(_repository.Beside("plain")).FullName;

        Assert.Equal(new GitReading(null, null), await ReadAsync(way, folder));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_damaged_repository_is_told_as_a_problem(Way way)
    {
        File.WriteAllText(Path.Combine(_repository.Path, ".git", "index"), "not an index");

        var reading = await ReadAsync(way, _repository.Path);

        Assert.Null(reading.Revision);
        Assert.Contains(_repository.Path, reading.Problem);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Reading_leaves_the_index_as_it_was(Way way)
    {
        // Same content, newer time: git status would refresh the index unless told not to.
        File.SetLastWriteTimeUtc(Path.Combine(_repository.Path, "app.py"), DateTime.UtcNow.AddHours(1));
        var index = Path.Combine(_repository.Path, ".git", "index");
        var before = File.ReadAllBytes(index);

        var reading = await ReadAsync(way, _repository.Path);

        Assert.False(reading.Revision?.Dirty);
        Assert.Equal(before, File.ReadAllBytes(index));
    }

    [Fact]
    public async Task A_format_that_libgit2_does_not_know_is_read_by_the_command()
    {
        var folder = Directory.CreateDirectory(_repository.Beside("sha256")).FullName;
        TemporaryRepository.RunGit(folder, "init", "--quiet", "--object-format=sha256", "--initial-branch=main");
        TemporaryRepository.RunGit(folder, "commit", "--quiet", "--allow-empty", "--message", "longer hash");

        var reading = await new GitReader(TimeProvider.System).ReadAsync(folder, TestContext.Current.CancellationToken);

        Assert.Equal(TemporaryRepository.RunGit(folder, "rev-parse", "HEAD"), reading.Revision?.Commit);
    }

    [Fact]
    public async Task Without_libgit2_and_git_a_checkout_is_a_problem_and_another_folder_is_none()
    {
        var reader = Reader(FailToLoad, new GitCommand("/nowhere/git"));
        var plain = Directory.CreateDirectory(_repository.Beside("plain")).FullName;

        var checkout = await reader.ReadAsync(Path.Combine(_repository.Path, "lib"), CancellationToken.None);

        Assert.Contains("git2 was not found", checkout.Problem);
        Assert.Contains("/nowhere/git", checkout.Problem);
        Assert.Equal(new GitReading(null, null), await reader.ReadAsync(plain, CancellationToken.None));
    }

    [Fact]
    public async Task A_git_command_that_hangs_is_ended_and_told()
    {
        var (program, pidFile) = (_repository.Beside("git"), _repository.Beside("pid"));
        File.WriteAllText(program, $"#!/bin/sh\necho $$ > {pidFile}.new\nmv {pidFile}.new {pidFile}\nexec sleep 60\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var reader = new GitReader(TimeProvider.System, TimeSpan.FromSeconds(5), FailToLoad, new GitCommand(program));

        var reading = await reader.ReadAsync(_repository.Path, CancellationToken.None);

        Assert.EndsWith("took longer than 5 s", reading.Problem);
        await AssertEndsAsync(int.Parse(File.ReadAllText(pidFile)));
    }

    private static Task<GitReading> ReadAsync(Way way, string folder) =>
        (way == Way.InProcess ? Reader(LibGit.Read, new GitCommand("/nowhere/git")) : Reader(FailToLoad, new GitCommand("git")))
        .ReadAsync(folder, TestContext.Current.CancellationToken);

    private static GitReader Reader(Func<string, GitReading> inProcess, GitCommand command) =>
        new(TimeProvider.System, Patience.Limit, inProcess, command);

    private static GitReading FailToLoad(string folder) => throw new DllNotFoundException("git2 was not found.");

    private static async Task AssertEndsAsync(int pid)
    {
        var limit = Stopwatch.StartNew();
        while (Directory.Exists($"/proc/{pid}"))
        {
            Assert.True(limit.Elapsed < Patience.Limit, $"process {pid} is still there");
            await Task.Delay(10);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <returns>Path of a checkout that holds the repository as its submodule <c>part</c>.</returns>
    private string AddSubmodule()
    {
        var outer = Directory.CreateDirectory(_repository.Beside("outer")).FullName;
        TemporaryRepository.RunGit(outer, "init", "--quiet", "--initial-branch=main");
        TemporaryRepository.RunGit(outer, "submodule", "--quiet", "add", _repository.Path, "part");
        TemporaryRepository.RunGit(outer, "commit", "--quiet", "--message", "outer");
        return outer;
    }
}
