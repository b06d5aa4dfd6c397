using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Reading;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class LineTimeTests
{
    [Theory]
    [InlineData("*** Starting uWSGI 2.0.21 (64bit) on [Tue Nov 24 10:00:05 2026] ***", "2026-11-24T10:00:05")]
    [InlineData("[pid: 7|app: 0|req: 1/1] 127.0.0.1 () {28 vars in 300 bytes} [Sun Nov  1 09:08:07 2026] GET / => generated",
        "2026-11-01T09:08:07")]
    [InlineData("Tue Nov 24 10:00:05 2026 - worker 1 killed", "2026-11-24T10:00:05")]
    [InlineData("2026-11-24 10:00:05,250 ERROR app: no database", "2026-11-24T10:00:05.25")]
    [InlineData("[2026-11-24T10:00:05.250Z] hello", "2026-11-24T10:00:05.25Z")]
    [InlineData("[2026-11-24 10:00:05 +0000] [7] [INFO] Booting worker", "2026-11-24T10:00:05")]
    [InlineData("[24.11.2026 10:00:05] - spawned uWSGI worker 1", "2026-11-24T10:00:05")]
    [InlineData("127.0.0.1 - - [24/Nov/2026:10:00:05 +0000] \"GET / HTTP/1.1\" 200 4", "2026-11-24T10:00:05Z")]
    [InlineData("[24/Nov/2026 10:00:05] \"GET / HTTP/1.1\" 200 145", "2026-11-24T10:00:05")]
    public void The_time_of_a_line_is_found(string line, string time) => Assert.Equal(DateTimeOffset.Parse(time), LineTime.Find(line));

    [Theory]
    [InlineData("  File \"app.py\", line 3, in <module>")]
    [InlineData("")]
    [InlineData("2026-99-99 99:99:99 nonsense")]
    [InlineData("order of 2026-11-24 10:00:05 was shipped")]
    public void A_line_without_one_has_none(string line) => Assert.Null(LineTime.Find(line));

    [Theory]
    [InlineData("10m", "2026-11-24T09:50:00Z")]
    [InlineData("1h30m", "2026-11-24T08:30:00Z")]
    [InlineData("1w", "2026-11-17T10:00:00Z")]
    [InlineData("90d", "2026-08-26T10:00:00Z")]
    [InlineData("2026-11-24T08:00Z", "2026-11-24T08:00:00Z")]
    [InlineData("2026-11-23 08:00 +02:00", "2026-11-23T06:00:00Z")]
    public void A_moment_is_so_long_ago_or_a_date(string text, string moment)
    {
        Assert.True(TimestampText.TryParse(text, DateTimeOffset.Parse("2026-11-24T10:00:00Z"), out var found));
        Assert.Equal(DateTimeOffset.Parse(moment), found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("yesterdayish")]
    [InlineData("-5m")]
    public void What_is_no_moment_is_refused(string text) => Assert.False(TimestampText.TryParse(text, DateTimeOffset.UnixEpoch, out _));
}
