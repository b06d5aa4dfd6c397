using System.Text.Json.Nodes;
using ServiceCtl.Engine.Checks;

namespace ServiceCtl.Tests.Unit.Checks;

public sealed class JsonDifferenceTests
{
    [Theory]
    [InlineData("""{"a": 1, "b": [true, null]}""", """{"b": [true, null], "a": 1.0}""")]
    [InlineData("5", "5e0")]
    [InlineData("12345678901234567890.5", "12345678901234567890.50")]
    [InlineData("1e400", "1e400")]
    [InlineData("null", "null")]
    [InlineData("\"\\u00e4\"", "\"ä\"")]
    public void Equal_values_have_no_difference(string expected, string actual) => Assert.Empty(Between(expected, actual));

    [Theory]
    [InlineData("""{"error": {"code": -32601}}""", """{"error": {"code": -32602}}""", "error.code: expected -32601, got -32602")]
    [InlineData("""{"a": 1}""", """{}""", "a: expected 1, and it is missing")]
    [InlineData("""{}""", """{"a": {"b": "ü"}}""", "a: not expected, got {\"b\":\"ü\"}")]
    [InlineData("""[1, 2]""", """[1]""", "(whole answer): expected 2 items, got 1")]
    [InlineData("""{"a": [1, 2]}""", """{"a": [1, 3]}""", "a[1]: expected 2, got 3")]
    [InlineData("""{"a": 1}""", """{"a": "1"}""", "a: expected 1, got \"1\"")]
    [InlineData("""{"a": null}""", """{"a": false}""", "a: expected null, got false")]
    [InlineData("true", "false", "(whole answer): expected true, got false")]
    public void A_difference_is_told_with_its_path(string expected, string actual, string line) =>
        Assert.Equal(line, Assert.Single(Between(expected, actual)));

    [Fact]
    public void Long_values_and_many_differences_are_cut()
    {
        var many = new JsonArray([.. Enumerable.Range(0, 100).Select(number => (JsonNode)number)]);
        var others = new JsonArray([.. Enumerable.Range(1000, 100).Select(number => (JsonNode)number)]);

        var lines = JsonDifference.Between(many, others);
        var cut = Assert.Single(JsonDifference.Between("x", new string('y', 10_000)));

        Assert.Equal(21, lines.Count);
        Assert.Equal("… and 80 more differences", lines[^1]);
        Assert.True(cut.Length < 300, cut);
    }

    private static IReadOnlyList<string> Between(string expected, string actual) =>
        JsonDifference.Between(JsonNode.Parse(expected), JsonNode.Parse(actual));
}
