using ServiceCtl.Engine.Releases.Tree;

namespace ServiceCtl.Tests.Unit.Releases;

public sealed class ReleaseIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 4, 15, 0, TimeSpan.FromHours(2));

    [Theory]
    [InlineData(null, "20261130021500")]
    [InlineData("20261130021459", "20261130021500")]
    [InlineData("20261130021500", "20261130021501")]
    [InlineData("20261231235959", "20270101000000")]
    [InlineData("00000000000000", "20261130021500")]
    [InlineData("88888888888888", "88888888888889")]
    public void It_is_the_time_in_UTC_and_comes_after_all_that_are_there(string? newest, string expected)
    {
        Assert.Equal(expected, ReleaseId.Next(Now, newest));
    }

    [Theory]
    [InlineData("20261130021500", true)]
    [InlineData("2026113002150", false)]
    [InlineData("2026113002150x", false)]
    [InlineData(".20261130021500.deleted", false)]
    public void Other_names_are_no_releases(string name, bool isOne)
    {
        Assert.Equal(isOne, ReleaseId.IsOne(name));
    }
}
