using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

public sealed class IniReaderTests
{
    [Fact]
    public void Sections_and_keys_with_dots_are_one_tree() => Assert.Equal(
        "{name: api, db: {host: localhost, port: 5432, pool: {size: 5}}, paths: {/srv: 1}}",
        Read("; a comment\nname = api\n\n[db]\nhost=localhost  # another\nport = 5432\n[db.pool]\nsize=5\n[paths]\n\"/srv\" = 1\n")
            .ToString());

    [Theory]
    [InlineData("on", ScalarKind.Boolean, "on")]
    [InlineData("12", ScalarKind.Integer, "12")]
    [InlineData("", ScalarKind.Null, "")]
    [InlineData("'12'", ScalarKind.Text, "12")]
    [InlineData("\"a ; b\"", ScalarKind.Text, "a ; b")]
    [InlineData("http://host/#part;x", ScalarKind.Text, "http://host/#part;x")]
    [InlineData("a = b", ScalarKind.Text, "a = b")]
    public void A_value_is_what_it_looks_like(string written, ScalarKind kind, string text)
    {
        var scalar = Assert.IsType<ConfigScalar>(Read($"key = {written} ; why\n").Find("key"));

        Assert.Equal((kind, text), (scalar.Kind, scalar.Text));
    }

    [Fact]
    public void A_value_in_brackets_is_a_list() =>
        Assert.Equal("[a, b c]", Assert.IsType<ConfigSequence>(Read("key = [a, 'b c']").Find("key")).ToString());

    [Fact]
    public void Every_value_and_key_knows_its_place()
    {
        var root = Read("[a]\r\n  b =  c\r\n");

        Assert.Equal("config.ini:2:8", root.Find("a.b")!.Origin.Place);
        Assert.Equal("config.ini:2:3", root.EntryAt("a.b")!.KeyOrigin.Place);
    }

    [Theory]
    [InlineData("a = 1\na = 2", 2, 1, "given twice, first at config.ini:1:1")]
    [InlineData("[a]\n[b]\n[a]", 3, 1, "given twice, first at config.ini:1:1")]
    [InlineData("a = 1\n[a]\nb = 1", 3, 1, "given twice")]
    [InlineData("[a", 1, 1, "not closed")]
    [InlineData("[a] b = 1", 1, 5, "follows the end")]
    [InlineData("key: value", 1, 1, "neither")]
    [InlineData("a = 1\n  more", 2, 3, "neither")]
    [InlineData("a = 'x", 1, 5, "not closed")]
    [InlineData("a = [1", 1, 5, "not closed")]
    [InlineData("[]", 1, 1, "can't be a name")]
    [InlineData("a b = 1", 1, 1, "can't be a name")]
    [InlineData("a..b = 1", 1, 1, "can't be a name")]
    public void A_fault_is_told_with_its_place_and_a_remedy(string text, int line, int column, string words)
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Ini, text);

        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(problem.Advice));
    }

    private static ConfigMapping Read(string text) => FormatText.Read(ConfigurationFormat.Ini, text);
}
