using ServiceCtl.Contracts;
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
    [InlineData("web-[12]", "web-1", true)]
    [InlineData("web-[12]", "web-3", false)]
    [InlineData("web-[a-c]", "web-b", true)]
    [InlineData("web-[!12]", "web-3", true)]
    [InlineData("web-[^12]", "web-1", false)]
    [InlineData("[]x]", "]", true)]
    [InlineData("web-[1", "web-[1", true)]
    [InlineData("web-[", "web-1", false)]
    [InlineData("*-[12]*", "a-b-2c", true)]
    [InlineData("?", "", false)]
    [InlineData("**", "", true)]
    [InlineData("a*b*c", "axxbxbxc", true)]
    [InlineData("WEB", "web", false)]
    [InlineData("users[0].name", "users[0].name", true)]
    [InlineData("!web-*", "web-1", true)]
    public void A_pattern_matches_as_in_a_shell(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));

    [Fact]
    public void Many_stars_take_no_time() =>
        Assert.False(new NamePattern(string.Concat(Enumerable.Repeat("*a", 500)) + "b").Matches(new string('a', 5000)));

    [Theory]
    [InlineData("web[", true)]
    [InlineData("web]", true)]
    [InlineData("web[1]", false)]
    [InlineData("web-?", false)]
    [InlineData("!web", false)]
    public void A_name_that_can_match_itself_only_is_literal(string text, bool isLiteral) =>
        Assert.Equal(isLiteral, new NamePattern(text).IsLiteral);

    [Theory]
    [InlineData("billing-1 auth", "b*", "!billing-2", "auth")]
    [InlineData("billing-1", "*", "-auth", "!*-2")]
    [InlineData("auth billing-2", "!billing-1")]
    public void An_exclusion_takes_names_out(string selected, params string[] patterns) =>
        Assert.Equal(selected.Split(' ').Order(), NamePattern.Select(patterns, Names).Selected);

    [Fact]
    public void An_excluded_name_that_is_not_there_stops_everything() =>
        Assert.Equal("atuh", Assert.Throws<ServiceCtlException>(() => NamePattern.Select(["*", "!atuh"], Names)).Target);

    [Theory]
    [InlineData("web", true)]
    [InlineData("Web_1.2-x", true)]
    [InlineData("", false)]
    [InlineData(".hidden", false)]
    [InlineData("../etc", false)]
    [InlineData("a b", false)]
    [InlineData("имя", false)]
    public void Names_hold_nothing_that_needs_escaping_in_a_path_or_a_url(string name, bool valid) =>
        Assert.Equal(valid, ServiceName.IsValid(name));

    [Fact]
    public void Names_have_a_limit() => Assert.False(ServiceName.IsValid(new string('a', ServiceName.MaxLength + 1)));
}
