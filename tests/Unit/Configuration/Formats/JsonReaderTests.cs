using System.Text.RegularExpressions;
using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

public sealed class JsonReaderTests
{
    [Fact]
    public void Comments_and_trailing_commas_are_allowed() => Assert.Equal(
        "{a: 1, b: [true, null, 2.5e3], c: {d: x}}",
        FormatText.Read(ConfigurationFormat.Json,
            "// first\n{\"a\": 1, /* second */ \"b\": [true, null, 2.5e3,], \"c\": {\"d\": \"x\",},}\n// last").ToString());

    [Fact]
    public void Every_value_and_key_knows_its_place_in_characters()
    {
        var root = FormatText.Read(ConfigurationFormat.Json, "{\"é😀\": 1,\r\n  \"b\": {\"c\": [1, \"ü\", 3]}}");

        Assert.Equal("config.json:1:9", root.Find("é😀")!.Origin.Place);
        Assert.Equal("config.json:2:3", root.EntryAt("b")!.KeyOrigin.Place);
        Assert.Equal("config.json:2:23", root.Find("b.c[2]")!.Origin.Place);
    }

    [Fact]
    public void Text_stays_text()
    {
        var scalar = Assert.IsType<ConfigScalar>(FormatText.Read(ConfigurationFormat.Json, "{\"a\": \"yes\"}").Find("a"));

        Assert.Equal((ScalarKind.Text, true), (scalar.Kind, scalar.IsQuoted));
    }

    [Theory]
    [InlineData("", 1, 1, "empty")]
    [InlineData("// only a comment", 1, 18, "empty")]
    [InlineData("[1]", 1, 1, "an object is expected")]
    [InlineData("{\"a\": 1, \"a\": 2}", 1, 10, "written twice, first at config.json:1:2")]
    [InlineData("{\"a\": 1\n\"b\": 2}", 2, 1, "comma is missing")]
    [InlineData("{a: 1}", 1, 2, "A key is expected")]
    [InlineData("{\"a\" 1}", 1, 6, "`:` is missing")]
    [InlineData("{\"a\": hello}", 1, 7, "can't begin like this")]
    [InlineData("{\"a\": 01}", 1, 8, "begins with 0")]
    [InlineData("{\"a\": \"x", 1, 7, "not closed")]
    [InlineData("{\"a\": \"x\ny\"}", 1, 9, "line break")]
    [InlineData("{\"a\": \"\\q\"}", 1, 9, "escape")]
    [InlineData("{\"a\": \"\\ud800\"}", 1, 7, "names no character")]
    [InlineData("{\"a\": 1", 1, 8, "not closed")]
    [InlineData("{\"a\": [1}", 1, 9, "another kind")]
    [InlineData("{} x", 1, 4, "follows the end")]
    public void A_fault_is_told_with_its_place_and_a_remedy(string text, int line, int column, string words)
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Json, text);

        Assert.Equal($"{line}:{column} {words}",
            Regex.IsMatch(problem.Message, words) ? $"{problem.Line}:{problem.Column} {words}" : problem.ToString());
        Assert.False(string.IsNullOrEmpty(problem.Advice));
    }
}
