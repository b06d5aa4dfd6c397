using System.Globalization;
using CsCheck;
using ServiceCtl.Engine.Configuration.Schema.Types;
using ServiceCtl.Engine.Configuration.Values;
using ServiceCtl.Engine.Logs.Reading;
using ServiceCtl.Engine.Services;

namespace ServiceCtl.Tests.Unit.Logs;

/// <summary>uWSGI's log-date: as it is written in a configuration, and as it is read in the log.</summary>
public sealed class LogDateTests
{
    private static readonly DateTimeOffset Near = Local("2026-11-24 12:00:00");

    [Theory]
    [InlineData("[%%d.%%m.%%Y %%H:%%M:%%S]", "[24.11.2026 10:00:05] - spawned uWSGI worker 1", "2026-11-24 10:00:05")]
    [InlineData("%%Y/%%m/%%d %%H:%%M", "2026/11/24 10:00 - spawned", "2026-11-24 10:00:00")]
    [InlineData("%%a, %%d %%b %%y %%I:%%M:%%S %%p", "Tue, 24 Nov 26 01:00:05 PM - spawned", "2026-11-24 13:00:05")]
    [InlineData("%%e %%B %%Y %%T", " 4 November 2026 10:00:05 - spawned", "2026-11-04 10:00:05")]
    [InlineData("%%c", "Tue Nov 24 10:00:05 2026 - spawned", "2026-11-24 10:00:05")]
    [InlineData("%%F %%R", "2026-11-24 10:00 - spawned", "2026-11-24 10:00:00")]
    [InlineData("%%Y-%%j %%H%%M%%S", "2026-328 100005 - spawned", "2026-11-24 10:00:05")]
    [InlineData("%%H:%%M:%%S", "10:00:05 - spawned", "2026-11-24 10:00:05")]
    [InlineData("%%H:%%M:%%S", "23:00:05 - spawned", "2026-11-23 23:00:05")]
    [InlineData("%%d.%%m. %%H:%%M", "31.12. 10:00 - spawned", "2025-12-31 10:00:00")]
    [InlineData("100%%%% %%H:%%M %n", "100% 10:00 uwsgi - spawned", "2026-11-24 10:00:00")]
    [InlineData("%(host)s %%H:%%M", "web-1s 10:00 - spawned", "2026-11-24 10:00:00")]
    [InlineData("+(*[ %%H:%%M", "+(*[ 10:00 - spawned", "2026-11-24 10:00:00")]
    public void A_date_is_read_as_its_pattern_says(string pattern, string line, string time) =>
        Assert.Equal(Local(time), Parse(pattern)!.Find(line, Near));

    [Theory]
    [InlineData("%%s", "1795514405 - spawned", 1795514405)]
    [InlineData("%%Y-%%m-%%d %%H:%%M:%%S %%z", "2026-11-24 10:00:05 +0000 - spawned", 1795514405)]
    public void A_pattern_may_be_free_of_time_zones(string pattern, string line, long seconds) =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(seconds), Parse(pattern)!.Find(line, Near));

    [Theory]
    [InlineData("%%Y-%%m-%%d")]
    [InlineData("1")]
    [InlineData("%%Q %%H:%%M")]
    [InlineData("%Y-%m-%d %H:%M")]
    public void A_pattern_without_a_time_is_none(string pattern) => Assert.Null(Parse(pattern));

    [Theory]
    [InlineData("31.02.2026 10:00:05 - spawned")]
    [InlineData("24.11.2026 10:00:05 spawned")]
    [InlineData("text 24.11.2026 10:00:05 - spawned")]
    [InlineData("")]
    public void A_line_without_such_a_date_has_none(string line) => Assert.Null(Parse("%%d.%%m.%%Y %%H:%%M:%%S")!.Find(line, Near));

    [Fact]
    public void No_pattern_and_no_line_make_it_fail() =>
        Gen.Select(Gen.String[0, 30], Gen.Char["%dmYHMSIpbjsz0123456789.-: ()[]\\"].Array[0, 20], Gen.String).Sample(
        (any, likely, line) =>
        {
            string pattern = any + new string(likely);
            Parse(pattern)?.Find(line, Near);
            Parse(pattern)?.Find(new string(likely) + " - x", Near);
        },
        iter: 2_000);

    [Theory]
    [InlineData("true")]
    [InlineData("True")]
    public void The_default_has_no_pattern(string value) => Assert.Null(Section(value).LogDate);

    private static LogDate? Parse(string value) => LogDate.TryParse(Section(value).LogDate!);

    private static UwsgiSection Section(string value) => new() { Options = [new ProgramOption("log-date", value, Origin.Default)] };

    private static DateTimeOffset Local(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal);
}
