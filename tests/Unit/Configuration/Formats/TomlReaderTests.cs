using ServiceCtl.Engine.Configuration.Formats;
using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Text;
using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration.Formats;

/// <summary>
/// A corpus of our own, beside the public suite (<see cref="TomlSuiteTests"/>): what configs are made of, and how faults are told.
/// </summary>
public sealed class TomlReaderTests
{
    [Fact]
    public void Tables_lists_of_tables_dotted_keys_and_inline_tables_are_one_tree() => Assert.Equal(
        "{title: api, uwsgi: {http: :8001, cron: [{unit: 1}, {unit: 2, at: {hour: 3}}]}, service: {ready: {http: /ping, timeout: 30s}, "
            + "requires: [redis, auth]}}",
        Read("""
            title = "api"          # a comment
            [uwsgi]
            http = ':8001'
            [[uwsgi.cron]]
            unit = 1
            [[uwsgi.cron]]
            unit = 2
            [uwsgi.cron.at]
            hour = 3
            [service]
            ready.http = "/ping"
            ready."timeout" = "30s"
            requires = [
              "redis", # the store
              "auth",
            ]
            """).ToString());

    [Theory]
    [InlineData("0xDEAD_beef", ScalarKind.Integer)]
    [InlineData("0o17", ScalarKind.Integer)]
    [InlineData("+1_000", ScalarKind.Integer)]
    [InlineData("6.02e-23", ScalarKind.Float)]
    [InlineData("true", ScalarKind.Boolean)]
    [InlineData("1979-05-27 07:32:00.5-07:00", ScalarKind.Text)]
    [InlineData("07:32:00", ScalarKind.Text)]
    public void A_plain_value_has_its_kind_and_keeps_its_text(string text, ScalarKind kind)
    {
        var scalar = Assert.IsType<ConfigScalar>(Read($"key = {text}").Find("key"));

        Assert.Equal((text, kind, false), (scalar.Text, scalar.Kind, scalar.IsQuoted));
    }

    [Theory]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("+nan", double.NaN)]
    public void Infinity_and_not_a_number_are_floats(string text, double expected)
    {
        var scalar = Assert.IsType<ConfigScalar>(Read($"key = {text}").Find("key"));

        Assert.Equal(ScalarKind.Float, scalar.Kind);
        Assert.Equal(expected, ScalarText.ReadFloat(scalar.Text));
    }

    [Theory]
    [InlineData("\"a\\tb\\u00e9\\U0001F600\"", "a\tbé😀")]
    [InlineData("'C:\\temp'", "C:\\temp")]
    [InlineData("\"\"\"\nfirst\nsecond \\\n   goes on\"\"\"", "first\nsecond goes on")]
    [InlineData("'''a''b'''''", "a''b''")]
    public void Texts_are_unquoted_and_unescaped(string written, string expected) =>
        Assert.Equal(expected, Read($"key = {written}").Find("key")!.ToString());

    [Fact]
    public void Every_value_and_key_knows_its_place()
    {
        var root = Read("a = 1\r\n\r\n[b.c]\r\nd = [ 1,\r\n  2 ]\r\n[[e]]\r\nf = {g = 'x'}\r\n");

        Assert.Equal("config.toml:5:3", root.Find("b.c.d[1]")!.Origin.Place);
        Assert.Equal("config.toml:3:4", root.EntryAt("b.c")!.KeyOrigin.Place);
        Assert.Equal("config.toml:7:10", root.Find("e[0].f.g")!.Origin.Place);
        Assert.Equal("config.toml:7:6", root.EntryAt("e[0].f.g")!.KeyOrigin.Place);
        Assert.Equal("/srv/api", root.Find("a")!.Origin.Folder);
    }

    [Theory]
    [InlineData("a = 1\na = 2", 2, 1, "given twice, first at config.toml:1:1")]
    [InlineData("[a]\n[a]", 2, 2, "given twice, first at config.toml:1:2")]
    [InlineData("a.b = 1\n[a]", 2, 2, "given twice")]
    [InlineData("[a.b]\nx = 1\n[a]\nb.y = 2", 4, 1, "given twice")]
    [InlineData("a = {b = 1}\na.c = 2", 2, 1, "given twice")]
    [InlineData("a = []\n[[a]]", 2, 3, "given twice")]
    [InlineData("a = 1\n[a.b]", 2, 2, "can't have a section below it")]
    [InlineData("[a", 1, 3, "header is not closed")]
    [InlineData("[[a]", 1, 4, "header is not closed")]
    [InlineData("a = ", 1, 5, "value is missing")]
    [InlineData("a = [1,,2]", 1, 8, "value is missing")]
    [InlineData("a = hello", 1, 5, "no value of TOML")]
    [InlineData("a = 2021-02-29", 1, 5, "no such date")]
    [InlineData("a = 9223372036854775808", 1, 5, "64 bits")]
    [InlineData("a = 1 b = 2", 1, 7, "follows the end")]
    [InlineData("a 1", 1, 3, "`=` is missing")]
    [InlineData("= 1", 1, 1, "A key is expected")]
    [InlineData("a = [1,\n2", 2, 2, "list in `\\[…]` is not closed")]
    [InlineData("a = [1 2]", 1, 8, "misses a comma")]
    [InlineData("a = {b = 1,\nc = 2", 2, 6, "table in `{…}` is not closed")]
    [InlineData("a = {b = 1 c = 2}", 1, 12, "misses a comma")]
    [InlineData("a = {,}", 1, 6, "table in")]
    [InlineData("a = \"x", 1, 6, "A quote is not closed")]
    [InlineData("a = 'x\ny'", 1, 7, "A quote is not closed")]
    [InlineData("b = 1\na = '''\nx", 2, 5, "Three quotes are opened here")]
    [InlineData("a = \"\"\"x", 1, 5, "Three quotes are opened here")]
    [InlineData("a = \"\\q41\"", 1, 7, "unknown escape")]
    [InlineData("a = \"\\x4\"", 1, 7, "2 hexadecimal digits")]
    [InlineData("a = \"\\ud800\"", 1, 7, "names no character")]
    [InlineData("a = \"x\\", 1, 8, "ends in an escape")]
    [InlineData("\"x\\", 1, 4, "ends in an escape")]
    [InlineData("a = 01", 1, 5, "no number")]
    [InlineData("a = 1__0", 1, 7, "no number")]
    [InlineData("a = 1e", 1, 7, "no number")]
    [InlineData("a = 0x", 1, 5, "no number")]
    [InlineData("a. = 1", 1, 4, "A key is expected")]
    [InlineData("\"😀\" é = 1", 1, 6, "`=` is missing")]
    [InlineData("a = 1\rb = 2", 1, 6, "carriage return")]
    [InlineData("\uFEFFa = 1", 1, 1, "byte order marks")]
    public void A_fault_is_told_with_its_place_and_a_remedy(string text, int line, int column, string words)
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Toml, text);

        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Matches(words, problem.Message);
        Assert.False(string.IsNullOrEmpty(problem.Advice));
    }

    [Theory]
    [InlineData("password = hunter2")]
    [InlineData("password = \"hunter2\"\npassword = \"hunter2\"")]
    [InlineData("password = \"hunter2")]
    [InlineData("password = \"\\hunter2\"")]
    [InlineData("password = 1979-hunter2")]
    [InlineData("password = 99999999999999999992")]
    [InlineData("password = 'a' hunter2")]
    [InlineData("[password] hunter2")]
    [InlineData("password hunter2")]
    [InlineData("password = [hunter2]")]
    [InlineData("password = {hunter2}")]
    public void A_password_is_not_shown(string text)
    {
        var problem = FormatText.ProblemOf(ConfigurationFormat.Toml, text);

        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("9999", problem.ToString(), StringComparison.Ordinal);
        Assert.NotEqual("This is not TOML.", problem.Message);
    }

    [Fact]
    public void What_1_1_has_added_is_read() => Assert.Equal(
        "{a: {b: 1, c: [2]}, escapes: \u001bA, time: 07:32, at: 1979-05-27T07:32Z}",
        Read("a = {\n  b = 1, # one\n  c = [2],\n}\nescapes = \"\\e\\x41\"\ntime = 07:32\nat = 1979-05-27T07:32Z\n").ToString());

    // Columns are UTF-16 units, as in editors; Tomlyn's are not.
    [Fact]
    public void Places_behind_characters_of_two_units_are_right()
    {
        var root = Read("\"😀\" = {x = 'é😀', y = 1}");

        Assert.Equal("config.toml:1:8", root.Find("😀")!.Origin.Place);
        Assert.Equal("config.toml:1:20", root.EntryAt("😀.y")!.KeyOrigin.Place);
        Assert.Equal("config.toml:1:24", root.Find("😀.y")!.Origin.Place);
    }

    [Theory]
    [InlineData("a", 20_000)]
    [InlineData("[a", 20_000)]
    [InlineData("a = [", 0)]
    [InlineData("a = {b=", 0)]
    [InlineData("a = ?", 0)]
    [InlineData("\n", 0)]
    [InlineData("a = [1,1,1,1,1,1,1,1,1,", 0)]
    public void A_hostile_file_takes_bounded_time_and_memory(string begin, int parts)
    {
        var text = parts > 0
            ? begin + string.Concat(Enumerable.Repeat(".a", parts)) + (begin[0] == '[' ? "]" : " = 1")
            : string.Concat(Enumerable.Repeat(begin, 3_000_000 / begin.Length));
        var before = GC.GetAllocatedBytesForCurrentThread();

        _ = FormatText.ProblemOf(ConfigurationFormat.Toml, text);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    [Fact]
    public void UTF_16_is_refused()
    {
        var fault = Assert.Throws<MalformedSourceException>(() => ConfigurationFormat.Toml.Read(
            SourceText.Decode("config.toml", [0xFF, 0xFE, (byte)'a', 0, (byte)'=', 0, (byte)'1', 0], null), new ProblemList(),
            CancellationToken.None));

        Assert.Contains("UTF-16", fault.Message, StringComparison.Ordinal);
    }

    private static ConfigMapping Read(string text) => FormatText.Read(ConfigurationFormat.Toml, text);
}
