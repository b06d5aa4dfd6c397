using ServiceCtl.Engine.Configuration.Problems;
using ServiceCtl.Engine.Configuration.Schema;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Services.Keys;

namespace ServiceCtl.Tests.Unit.Configuration;

public sealed class ConfigTypesTests
{
    [Theory]
    [InlineData("0", false)]
    [InlineData("'0'", false)]
    [InlineData("1", true)]
    [InlineData("'1'", true)]
    [InlineData("true", true)]
    [InlineData("'False'", false)]
    [InlineData("on", true)]
    [InlineData("'OFF'", false)]
    [InlineData("yes", true)]
    [InlineData("n", false)]
    public void Booleans_are_read_however_they_are_written(string text, bool expected) =>
        Assert.Equal(expected, Read(ConfigTypes.Boolean, text));

    [Theory]
    [InlineData("2")]
    [InlineData("''")]
    [InlineData("maybe")]
    [InlineData("1.0")]
    public void What_is_no_boolean_is_refused(string text) => AssertRefused(ConfigTypes.Boolean, text);

    [Theory]
    [InlineData("8001", 8001)]
    [InlineData("'8001'", 8001)]
    [InlineData("0x1F41", 8001)]
    [InlineData("8_001", 8001)]
    [InlineData("'08001'", 8001)]
    public void Integers_are_read_quoted_or_not(string text, int expected) =>
        Assert.Equal(expected, Read(ConfigTypes.Integer(1, 65535), text));

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("8001.0")]
    [InlineData("99999999999999999999")]
    [InlineData("true")]
    [InlineData("''")]
    public void Integers_keep_to_their_range(string text) => AssertRefused(ConfigTypes.Integer(1, 65535), text);

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0.5", 0.5)]
    [InlineData("'1.25'", 1.25)]
    [InlineData("1e1", 10)]
    public void Numbers_are_read(string text, double expected) => Assert.Equal(expected, Read(ConfigTypes.Number(0, 100), text));

    [Theory]
    [InlineData(".nan")]
    [InlineData(".inf")]
    [InlineData("'NaN'")]
    [InlineData("-1")]
    public void Numbers_keep_to_their_range(string text) => AssertRefused(ConfigTypes.Number(0, 100), text);

    [Theory]
    [InlineData("2s", 2_000)]
    [InlineData("500ms", 500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1m 30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("2 min", 120_000)]
    [InlineData("30", 30_000)]
    [InlineData("0.25", 250)]
    [InlineData("0", 0)]
    [InlineData("1:30", 90_000)]
    [InlineData("'1:00:00'", 3_600_000)]
    public void Durations_are_read(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(ConfigTypes.Duration, text));

    [Theory]
    [InlineData("-1s")]
    [InlineData("25d")]
    [InlineData("999999999999d")]
    [InlineData("1s2")]
    [InlineData("s")]
    [InlineData("''")]
    [InlineData("1 year")]
    [InlineData("1e3")]
    public void What_is_no_duration_is_refused(string text) => AssertRefused(ConfigTypes.Duration, text);

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("1kB", 1000)]
    [InlineData("1KB", 1000)]
    [InlineData("1KiB", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("2 T", 2_199_023_255_552)]
    [InlineData("10B", 10)]
    public void Sizes_are_read(string text, long expected) => Assert.Equal(expected, Read(ConfigTypes.Size, text));

    [Theory]
    [InlineData("-1")]
    [InlineData("1XB")]
    [InlineData("999999999999TB")]
    [InlineData("MB")]
    [InlineData("1iB")]
    public void What_is_no_size_is_refused(string text) => AssertRefused(ConfigTypes.Size, text);

    [Theory]
    [InlineData("50%", 50)]
    [InlineData("150 %", 150)]
    [InlineData("12.5", 12.5)]
    public void Percentages_are_read(string text, double expected) => Assert.Equal(expected, Read(ConfigTypes.Percentage, text));

    [Theory]
    [InlineData("/srv/x/", "/srv/x")]
    [InlineData("tmp", "/srv/api/tmp")]
    [InlineData("./tmp/../log", "/srv/api/log")]
    [InlineData("/", "/")]
    public void Paths_start_from_the_folder_of_their_file(string text, string expected) =>
        Assert.Equal(expected, Read(ConfigTypes.FilePath, text));

    [Fact]
    public void A_tilde_is_the_home_folder() =>
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "x"),
            Read(ConfigTypes.FilePath, "~/x"));

    [Theory]
    [InlineData("''")]
    [InlineData("~other/x")]
    [InlineData("\"a\\nb\"")]
    public void What_is_no_path_is_refused(string text) => AssertRefused(ConfigTypes.FilePath, text);

    [Theory]
    [InlineData("127.0.0.1:8001", "127.0.0.1", 8001, null)]
    [InlineData(":8001", null, 8001, null)]
    [InlineData("8001", null, 8001, null)]
    [InlineData("'[::1]:80'", "::1", 80, null)]
    [InlineData("my-host.example:80", "my-host.example", 80, null)]
    [InlineData("/run/x.sock", null, null, "/run/x.sock")]
    [InlineData("unix:x.sock", null, null, "/srv/api/x.sock")]
    public void Addresses_are_read(string text, string? host, int? port, string? path)
    {
        var address = Read(ConfigTypes.Address, text);

        Assert.Equal((host, port, path), (address.Host, address.Port, address.SocketPath));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("'::1:80'")]
    [InlineData("http://localhost:80")]
    [InlineData("a b:80")]
    [InlineData("'[nonsense]:80'")]
    public void What_is_no_address_is_refused(string text) => AssertRefused(ConfigTypes.Address, text);

    [Fact]
    public void A_socket_path_longer_than_the_kernel_takes_is_refused() => AssertRefused(ConfigTypes.Address, "/" + new string('x', 107));

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("sigint", 2)]
    [InlineData("9", 9)]
    public void Signals_are_read(string text, int number) => Assert.Equal(number, Read(ConfigTypes.Signal, text).Number);

    [Theory]
    [InlineData("5 in 1m", 5, 60)]
    [InlineData("3/10s", 3, 10)]
    [InlineData("1 in 90", 1, 90)]
    public void Rates_are_read(string text, int count, int seconds) =>
        Assert.Equal(new Rate(count, TimeSpan.FromSeconds(seconds)), Read(ConfigTypes.Rate, text));

    [Theory]
    [InlineData("0 in 1m")]
    [InlineData("5 in 0s")]
    [InlineData("5 in a while")]
    [InlineData("in 1m")]
    public void What_is_no_rate_is_refused(string text) => AssertRefused(ConfigTypes.Rate, text);

    [Theory]
    [InlineData("on-failure")]
    [InlineData("on_failure")]
    [InlineData("On-Failure")]
    public void Names_of_an_enum_are_read_in_any_case(string text) =>
        Assert.Equal(RestartWhen.OnFailure, Read(ConfigTypes.Choice<RestartWhen>(), text));

    [Theory]
    [InlineData("[a, b]", "a|b")]
    [InlineData("a", "a")]
    [InlineData("'a, b'", "a, b")]
    [InlineData("[]", "")]
    [InlineData("[0644, yes]", "0644|yes")]
    public void A_single_value_stands_for_a_list_of_one(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Read(ConfigTypes.ListOf(ConfigTypes.Text), text)));

    [Fact]
    public void A_map_keeps_order_and_texts() =>
        Assert.Equal([new("Z", "0644"), new("A", ""), new("M", "yes")], Read(ConfigTypes.TextMap, "{Z: 0644, A: , M: yes}"));

    [Fact]
    public void Options_are_kept_in_order_exactly_as_written_and_lists_repeat_their_key()
    {
        var options = Read(ConfigTypes.Options, """
            {"chmod-socket": 0644, logformat: "%(addr) - %%d", cron2: ["hour=3 a", 'hour=4 b'], master: on, logto: "/log/%n.log", need-app: }
            """);

        Assert.Equal(
            ["chmod-socket=0644", "logformat=%(addr) - %%d", "cron2=hour=3 a", "cron2=hour=4 b", "master=on", "logto=/log/%n.log",
                "need-app="],
            options.Select(option => $"{option.Name}={option.Value}"));
    }

    [Fact]
    public void An_option_can_not_smuggle_in_another_one_with_a_line_break() =>
        AssertRefused(ConfigTypes.Options, "{a: \"x\\nexec-asap = evil\"}");

    private static T Read<T>(ConfigType<T> type, string text)
        where T : notnull
    {
        var problems = new ProblemList();
        Assert.True(type.TryConvert(TextSource.Read($"key: {text}").Find("key")!, Context(problems), out var value),
            string.Join('\n', problems.Sorted()));
        return value;
    }

    private static void AssertRefused<T>(ConfigType<T> type, string text)
        where T : notnull
    {
        var problems = new ProblemList();
        Assert.False(type.TryConvert(TextSource.Read($"key: {text}").Find("key")!, Context(problems), out _));
        var problem = Assert.Single(problems.Sorted());
        Assert.NotNull(problem.Column);
        Assert.NotNull(problem.Advice);
    }

    private static ConversionContext Context(ProblemList problems) => new("key", null, isSecret: false, "/base", problems);
}
