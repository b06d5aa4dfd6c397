using System.Text;
using ServiceCtl.Contracts;
using ServiceCtl.Engine.Logs.Syslog;

namespace ServiceCtl.Tests.Unit.Logs;

public sealed class SyslogMessageTests
{
    private static readonly DateTimeOffset Now = new(2018, 11, 7, 13, 47, 59, 971, TimeSpan.FromHours(3));

    [Fact]
    public void The_older_form_is_that_of_logger() =>
        Assert.Equal("<30>Nov  7 13:47:59 MyDaemon[42]: hello", Text(SyslogFormat.Rfc3164, "MyDaemon"));

    [Fact]
    public void The_newer_form_has_milliseconds_zone_host_and_a_name_without_blanks() =>
        Assert.Equal($"<30>1 2018-11-07T13:47:59.971+03:00 {Environment.MachineName} My_Daemon 42 - - hello",
            Text(SyslogFormat.Rfc5424, "My Daemon"));

    private static string Text(SyslogFormat format, string tag) =>
        Encoding.UTF8.GetString(SyslogMessage.Of(format, SyslogMessage.Info, tag, 42, Now, "hello"));
}
