using CsCheck;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Packaging;

namespace ServiceCtl.Tests.Unit.Packaging;

public sealed class NextVersionTests
{
    private static readonly string[] Stages = ["a", "b", "rc"];

    private static readonly DateOnly Today = new(2026, 11, 30);

    [Theory]
    [InlineData("1.2.3", null, null, "1.2.4", "v1.2.4")]
    [InlineData("1.2.3", VersionPart.Minor, null, "1.3.0", "v1.3.0")]
    [InlineData("1.2.3", VersionPart.Major, null, "2.0.0", "v2.0.0")]
    [InlineData("1.2.3", VersionPart.Minor, VersionStage.Rc, "1.3.0rc1", "v1.3.0-rc.1")]
    [InlineData("1.3.0rc1", null, VersionStage.Rc, "1.3.0rc2", "v1.3.0-rc.2")]
    [InlineData("1.3.0rc1", VersionPart.Minor, VersionStage.Rc, "1.3.0rc2", "v1.3.0-rc.2")]
    [InlineData("1.3.0rc1", VersionPart.Major, VersionStage.Rc, "2.0.0rc1", "v2.0.0-rc.1")]
    [InlineData("1.3.0a9", null, VersionStage.Beta, "1.3.0b1", "v1.3.0-beta.1")]
    [InlineData("1.3.0rc2", null, null, "1.3.0", "v1.3.0")]
    [InlineData("1.3.1rc2", VersionPart.Minor, null, "1.4.0", "v1.4.0")]
    [InlineData("1.3", null, null, "1.3.1", "v1.3.1")]
    public void A_semantic_version_goes_up_by_its_part_and_through_what_comes_before_a_release(
        string before, VersionPart? part, VersionStage? stage, string version, string tag) =>
        Assert.Equal((version, tag), NextVersion.Semantic(before, Request(part, stage), [ChangeKind.Fix]));

    [Theory]
    [InlineData("1.2.3", ChangeKind.Removal, "2.0.0")]
    [InlineData("0.2.3", ChangeKind.Removal, "0.3.0")]
    [InlineData("1.2.3", ChangeKind.Feature, "1.3.0")]
    [InlineData("1.2.3", ChangeKind.Fix, "1.2.4")]
    [InlineData("1.2.3", ChangeKind.Misc, "1.2.4")]
    public void What_is_new_says_which_part(string before, ChangeKind kind, string version) =>
        Assert.Equal(version, NextVersion.Semantic(before, Request(), [ChangeKind.Doc, kind]).Version);

    [Theory]
    [InlineData("1.3.0rc1", "1.2.0")]
    [InlineData("1.3.0", "1.3.0")]
    [InlineData("1.3.0", "1.3.0rc1")]
    [InlineData("1.3.0", "next")]
    public void A_version_that_is_named_is_a_later_one(string before, string wanted) => Assert.Equal(ErrorCode.InvalidArgument,
        Assert.Throws<ServiceCtlException>(() => NextVersion.Semantic(before, Request() with { Version = wanted }, [])).Code);

    [Fact]
    public void A_stage_never_goes_back() => Assert.Throws<ServiceCtlException>(
        () => NextVersion.Semantic("1.3.0rc1", Request(null, VersionStage.Alpha), []));

    [Fact]
    public void Each_step_of_a_semantic_version_is_later_than_the_one_before_and_can_be_read_again() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 3]).Sample(
            (major, minor, patch, before, part, after) =>
            {
                var current = $"{major}.{minor}.{patch}{(before == 0 ? "" : $"{Stages[before - 1]}{patch + 1}")}";
                VersionStage? stage = after == 0 ? null : (VersionStage)(after - 1);
                try
                {
                    var next = NextVersion.Semantic(current, Request((VersionPart)part, stage), []);
                    Assert.Equal(next, NextVersion.Semantic(current, Request() with { Version = next.Version }, []));
                    Assert.Equal(next.Tag, NextVersion.TagOf(next.Version));
                }
                catch (ServiceCtlException error) when (error.Code == ErrorCode.InvalidArgument)
                {
                    // Only from a later stage to an earlier one of the same release.
                    Assert.True(stage is not null && before > after);
                }
            });

    [Theory]
    [InlineData("20261129.4", "20261130.1", "20261130.01")]
    [InlineData("20261130.1", "20261130.2", "20261130.02")]
    [InlineData("1.0.0", "20261130.1", "20261130.01")]
    public void A_calendar_version_counts_the_releases_of_a_day(string before, string version, string tag) =>
        Assert.Equal((version, tag), NextVersion.Calendar(before, Request(), Today));

    [Fact]
    public void A_calendar_version_of_a_day_to_come_is_refused() => Assert.Equal(ErrorCode.InvalidState,
        Assert.Throws<ServiceCtlException>(() => NextVersion.Calendar("20261201.1", Request(), Today)).Code);

    [Theory]
    [InlineData("1.3.0", true, "1.3.1.dev7+g1a2b3c4")]
    [InlineData("1.3.0", false, "1.3.0.dev7+g1a2b3c4")]
    [InlineData("1.3.1.dev3+gffffff0", false, "1.3.1.dev7+g1a2b3c4")]
    [InlineData("1.3.0rc1", true, "1.3.0rc1.dev7+g1a2b3c4")]
    public void A_version_of_commits_comes_before_the_next_release(string before, bool isReleased, string version) =>
        Assert.Equal(version, NextVersion.OfCommit(before, isReleased, 7, "1a2b3c4"));

    private static VersionRequest Request(VersionPart? part = null, VersionStage? stage = null) =>
        new() { Folder = "/", Part = part, Stage = stage };
}
