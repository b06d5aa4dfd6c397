using ServiceCtl.Engine.Git;

namespace ServiceCtl.Tests.Unit.Git;

public sealed class GitStatusTests
{
    private const string Commit = "1f0e3dad99908345f7439f8ffabdffc4aa0f1c2d";

    [Fact]
    public void A_clean_checkout_has_headers_only()
    {
        var revision = GitCommand.ParseStatus(
            $"# branch.oid {Commit}\n# branch.head main\n# branch.upstream origin/main\n# branch.ab +0 -0\n");

        Assert.Equal((Commit, "main", false), (revision.Commit, revision.Branch, revision.Dirty));
    }

    [Theory]
    [InlineData("1 .M N... 100644 100644 100644 8d14cbf 8d14cbf app.py")]
    [InlineData("2 R. N... 100644 100644 100644 8d14cbf 8d14cbf R100 new.py\told.py")]
    [InlineData("u UU N... 100644 100644 100644 100644 8d14cbf 8d14cbf 8d14cbf app.py")]
    public void Any_other_line_makes_it_dirty(string line)
    {
        Assert.True(GitCommand.ParseStatus($"# branch.oid {Commit}\n# branch.head main\n{line}\n").Dirty);
    }

    [Fact]
    public void A_detached_head_has_no_branch()
    {
        Assert.Null(GitCommand.ParseStatus($"# branch.oid {Commit}\n# branch.head (detached)\n").Branch);
    }

    [Fact]
    public void An_unborn_branch_has_no_commit()
    {
        var revision = GitCommand.ParseStatus("# branch.oid (initial)\n# branch.head main\n");

        Assert.Equal((null, "main"), (revision.Commit, revision.Branch));
    }
}
