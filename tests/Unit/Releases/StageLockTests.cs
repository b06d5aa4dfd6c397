using System.Text.Json;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Tests.Unit.Releases;

public sealed class StageLockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lock-");
    private readonly ReleaseTree _tree;

    public StageLockTests()
    {
        _tree = new ReleaseTree(_folder.FullName, null);
        _tree.Make();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Of_many_who_want_it_at_once_one_gets_it()
    {
        var taken = new System.Collections.Concurrent.ConcurrentBag<StageLock>();

        Parallel.For(0, 32, _ =>
        {
            try
            {
                taken.Add(StageLock.Take(_tree, "qa", "tester", "deploy"));
            }
            catch (ServiceCtlException error) when (error.Code == ErrorCode.StageLocked)
            {
                // As it is meant.
            }
        });

        Assert.Single(taken).Dispose();
        Assert.Null(StageLock.Find(_tree));
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Who_is_refused_hears_who_holds_it_and_why()
    {
        using var held = StageLock.Take(_tree, "qa", "alice", "deploy");

        var error = Assert.Throws<ServiceCtlException>(() => StageLock.Take(_tree, "qa", "bob", "rollback"));

        Assert.Equal(ErrorCode.StageLocked, error.Code);
        Assert.Contains($"alice@{Environment.MachineName}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": deploy", error.Message, StringComparison.Ordinal);
        Assert.Throws<ServiceCtlException>(() => StageLock.Remove(_tree, "qa", force: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void One_that_can_not_be_understood_is_nobody_s_own(string? variable)
    {
        File.WriteAllText(_tree.LockFile, "no JSON");
        Environment.SetEnvironmentVariable(StageLock.Variable, variable);
        try
        {
            var error = Assert.Throws<ServiceCtlException>(() => StageLock.Take(_tree, "qa", "bob", "rollback"));
            Assert.Equal(ErrorCode.StageLocked, error.Code);
        }
        finally
        {
            Environment.SetEnvironmentVariable(StageLock.Variable, null);
        }

        Assert.Null(StageLock.TokenOf(_tree));
    }

    [Fact]
    public void One_whose_process_is_gone_is_told_and_stays_until_somebody_takes_it_away()
    {
        Leave(new LockRecord
        {
            Token = "1",
            By = "alice",
            Host = Environment.MachineName,
            Boot = "another boot",
            Pid = 1,
            Since = DateTimeOffset.Now,
            Reason = "deploy"
        });

        var error = Assert.Throws<ServiceCtlException>(() => StageLock.Take(_tree, "qa", "bob", "deploy"));
        Assert.EndsWith("is gone.", error.Message, StringComparison.Ordinal);
        Assert.True(StageLock.Find(_tree)!.IsStale);

        Assert.True(StageLock.Remove(_tree, "qa", force: false)!.IsStale);
        StageLock.Take(_tree, "qa", "bob", "deploy").Dispose();
    }

    [Fact]
    public void A_deploy_that_was_unlocked_by_force_leaves_the_lock_of_the_next_alone()
    {
        var first = StageLock.Take(_tree, "qa", "alice", "deploy");
        StageLock.Remove(_tree, "qa", force: true);
        using var second = StageLock.Take(_tree, "qa", "bob", "deploy");

        first.Dispose();

        Assert.StartsWith("bob@", StageLock.Find(_tree)!.By, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_is_locked_on_purpose_stays_so_without_a_process()
    {
        StageLock.TakeOnPurpose(_tree, "qa", "alice", "the database moves");

        var error = Assert.Throws<ServiceCtlException>(() => StageLock.Take(_tree, "qa", "bob", "deploy"));
        Assert.EndsWith("the database moves", error.Message, StringComparison.Ordinal);
        Assert.False(StageLock.Find(_tree)!.IsStale);
        Assert.NotNull(StageLock.Remove(_tree, "qa", force: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    public void A_file_that_can_not_be_understood_keeps_deploys_away(string text)
    {
        File.WriteAllText(_tree.LockFile, text);

        Assert.Throws<ServiceCtlException>(() => StageLock.Take(_tree, "qa", "bob", "deploy"));
        StageLock.Remove(_tree, "qa", force: false);
        Assert.False(File.Exists(_tree.LockFile));
    }

    private void Leave(LockRecord record) =>
        File.WriteAllBytes(_tree.LockFile, JsonSerializer.SerializeToUtf8Bytes(record, ReleaseJson.Default.LockRecord));
}
