using ServiceCtl.Engine.Configuration.Values;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("0644", ScalarKind.Integer)]
    [InlineData("8:30", ScalarKind.Integer)]
    [InlineData("0x1F", ScalarKind.Integer)]
    [InlineData("1_000", ScalarKind.Integer)]
    [InlineData("-12", ScalarKind.Integer)]
    [InlineData("0o17", ScalarKind.Integer)]
    [InlineData("09", ScalarKind.Text)]
    [InlineData("1.5", ScalarKind.Float)]
    [InlineData("1e3", ScalarKind.Float)]
    [InlineData(".inf", ScalarKind.Float)]
    [InlineData("1:30.5", ScalarKind.Float)]
    [InlineData("127.0.0.1", ScalarKind.Text)]
    [InlineData("on", ScalarKind.Boolean)]
    [InlineData("No", ScalarKind.Boolean)]
    [InlineData("y", ScalarKind.Text)]
    [InlineData("~", ScalarKind.Null)]
    [InlineData("%%d", ScalarKind.Text, true)]
    [InlineData("2024-05-01", ScalarKind.Text)]
    public void A_scalar_has_its_YAML_1_1_kind_and_keeps_its_text(string text, ScalarKind kind, bool needsQuotes = false)
    {
        var root = TextSource.Read(needsQuotes ? $"key: '{text}'" : $"key: {text}");

        var scalar = Assert.IsType<ConfigScalar>(root.Find("key"));
        Assert.Equal(text, scalar.Text);
        Assert.Equal(kind, scalar.Kind);
    }

    [Fact]
    public void Quotes_make_text_of_anything()
    {
        var root = TextSource.Read("a: '1'\nb: \"yes\"\nc: |\n  5\nd: !!str 7");

        Assert.All(root.Entries, entry => Assert.Equal(ScalarKind.Text, ((ConfigScalar)entry.Value).Kind));
        Assert.Equal(["1", "yes", "5\n", "7"], root.Entries.Select(entry => entry.Value.ToString()));
    }

    [Theory]
    [InlineData("!join [one_part_, another_part]", "one_part_another_part")]
    [InlineData("!join [*root, /log]", "/srv/api/log")]
    [InlineData("!join [api-, 8001]", "api-8001")]
    [InlineData("!join [!join [a, b], !join [c, 0644]]", "abc0644")]
    [InlineData("!join []", "")]
    [InlineData("\n  !join\n  - *root\n  - /tmp", "/srv/api/tmp")]
    public void Join_concatenates_the_texts_of_its_items(string written, string expected)
    {
        var root = TextSource.Read($"root: &root /srv/api\nvalue: {written}\n");

        var scalar = Assert.IsType<ConfigScalar>(root.Find("value"));
        Assert.Equal(expected, scalar.Text);
        Assert.Equal(ScalarKind.Text, scalar.Kind);
    }

    [Fact]
    public void Every_value_and_key_knows_its_place()
    {
        var root = TextSource.Read("# a comment\nuwsgi:\n  master: true\n  cron2:\n    - first\n    - &job second\nlast: *job\n");

        Assert.Equal("config.yaml:3:11", root.Find("uwsgi.master")!.Origin.Place);
        Assert.Equal("config.yaml:3:3", root.EntryAt("uwsgi.master")!.KeyOrigin.Place);
        Assert.Equal("config.yaml:6:7", root.Find("uwsgi.cron2[1]")!.Origin.Place);
        Assert.Equal("config.yaml:7:1", root.EntryAt("last")!.KeyOrigin.Place);
        Assert.Same(root.Find("uwsgi.cron2[1]"), root.Find("last"));
    }

    [Fact]
    public void Merge_keys_give_what_is_not_written_and_remember_what_was_replaced()
    {
        var root = TextSource.Read("""
            base: &base {host: a, port: 1}
            other: &other {port: 2, user: me}
            both:
              <<: [*base, *other]
              host: b
            """);

        Assert.Equal("{host: b, port: 1, user: me}", root.Find("both")!.ToString());
        Assert.Equal("a", root.Find("both.host")!.Overrode!.ToString());
    }

    [Fact]
    public void Json_is_read_as_it_is()
    {
        var root = TextSource.Read("{\"a\": [1, 2.5e3, true, null, \"x\\n\\u00e9\\/\"],\n\t\"b\": {\"c\": {}}}");

        Assert.Equal("x\né/", root.Find("a[4]")!.ToString());
        Assert.Equal([ScalarKind.Integer, ScalarKind.Float, ScalarKind.Boolean, ScalarKind.Null, ScalarKind.Text],
            ((ConfigSequence)root.Find("a")!).Items.Select(item => ((ConfigScalar)item).Kind));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\r")]
    public void Lines_end_as_every_system_ends_them(string end)
    {
        var root = TextSource.Read($"a: 1{end}b: 2{end}{end}c: 3");

        Assert.Equal("config.yaml:4:4", root.Find("c")!.Origin.Place);
        Assert.Equal("{a: 1, b: 2, c: 3}", root.ToString());
    }

    [Fact]
    public void A_file_of_comments_is_an_empty_configuration() => Assert.Equal(0, TextSource.Read("# key: value\n").Count);

    [Theory]
    [InlineData("0644", 420)]
    [InlineData("0o17", 15)]
    [InlineData("0b101", 5)]
    [InlineData("-0x_1F", -31)]
    [InlineData("8:30", 510)]
    [InlineData("1:00:00", 3600)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers_have_their_YAML_1_1_value(string text, long expected)
    {
        Assert.True(ScalarText.TryReadInteger(text, out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void An_integer_beyond_64_bits_is_not_read() => Assert.False(ScalarText.TryReadInteger(new string('9', 5000), out _));
}
