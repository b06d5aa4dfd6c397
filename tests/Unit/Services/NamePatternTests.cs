using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Services;

public sealed class NamePatternTests
{
    private static readonly string[] Names = ["auth", "billing-1", "billing-2"];

    [Fact]
    public void No_pattern_selects_everything()
    {
        var (selected, missing) = NamePattern.Select([], Names);

        Assert.Equal(Names, selected);
        Assert.Empty(missing);
    }

    [Fact]
    public void Patterns_that_overlap_select_each_name_once_in_order()
    {
        var (selected, _) = NamePattern.Select(["billing-?", "b*", "auth"], Names);

        Assert.Equal(Names, selected);
    }

    [Fact]
    public void A_literal_miss_is_told_and_a_pattern_that_matches_nothing_is_not()
    {
        var (selected, missing) = NamePattern.Select(["AUTH", "x*", "auth"], Names);

        Assert.Equal(["auth"], selected);
        Assert.Equal(["AUTH"], missing);
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("Web_1.2-x", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("../etc", false)]
    [InlineData("a b", false)]
    [InlineData("имя", false)]
    public void Names_hold_nothing_that_needs_escaping_in_a_path_or_a_url(string name, bool valid) => Assert.Equal(valid, ServiceName.IsValid(name));

    [Fact]
    public void Names_have_a_limit() => Assert.False(ServiceName.IsValid(new string('a', ServiceName.MaxLength + 1)));
}
