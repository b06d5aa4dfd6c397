using ServiceCtl.Contracts;
using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Tests.Unit.Releases;

public sealed class ReleasePolicyTests
{
    [Theory]
    [InlineData("1P 2P 3C", "2")]
    [InlineData("1P 2F 3C", "1")]
    [InlineData("1C 2R 3F", null)]
    [InlineData("1P 2C 3R", "1")]
    [InlineData("1P 2B 3Y 4C", "1")]
    [InlineData("1P 2P", "2")]
    [InlineData("1C", null)]
    [InlineData("", null)]
    public void A_rollback_goes_to_the_newest_before_the_current_that_has_served(string releases, string? target)
    {
        Assert.Equal(target, ReleasePolicy.RollbackTarget(Read(releases))?.Id);
    }

    [Theory]
    [InlineData("1P 2P 3P 4C", 3, 0, "1")]
    [InlineData("1P 2F 3F 4F 5C", 2, 1, "2,3")]
    [InlineData("1P 2F 3F 4F 5C", 1, 3, "")]
    [InlineData("1C 2R 3R 4R", 2, 0, "2")]
    [InlineData("1P 2C 3R 4R", 1, 0, "3")]
    [InlineData("1P 2Y 3C 4Y", 2, 0, "2")]
    [InlineData("1P 2B 3C", 2, 0, "")]
    public void What_serves_and_what_a_rollback_needs_stay_and_failed_ones_are_counted_apart(
        string releases, int keep, int keepFailed, string pruned)
    {
        Assert.Equal(pruned, string.Join(',', ReleasePolicy.ToPrune(Read(releases), keep, keepFailed).Select(release => release.Id)));
    }

    [Theory]
    [InlineData("1C 2Y 3Y 4F", "3")]
    [InlineData("1Y 2C", null)]
    public void What_is_published_is_the_newest_that_is_ready_and_was_not_passed_over(string releases, string? newest)
    {
        Assert.Equal(newest, ReleasePolicy.NewestReady(Read(releases))?.Id);
    }

    private static IReadOnlyList<Release> Read(string releases) =>
        [.. releases.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => new Release(word[..^1], word[^1] switch
        {
            'B' => ReleaseState.Building,
            'Y' => ReleaseState.Ready,
            'C' => ReleaseState.Current,
            'P' => ReleaseState.Previous,
            'R' => ReleaseState.Restored,
            _ => ReleaseState.Failed,
        }, new ReleaseRecord()))];
}
