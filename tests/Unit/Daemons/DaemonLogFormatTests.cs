using ServiceCtl.Contracts;
using ServiceCtl.Engine.Daemons;

namespace ServiceCtl.Tests.Unit.Daemons;

public sealed class DaemonLogFormatTests
{
    private static readonly DaemonLogRecord Record = new(
        new DateTimeOffset(2018, 11, 27, 13, 47, 59, 971, TimeSpan.Zero), "MyDaemon", DaemonLogLevel.Info, "PID: 9215 100%");

    // What Python's logging makes of the same record.
    [Theory]
    [InlineData("%(asctime)s - %(name)s - %(levelname)s - %(message)s", "2018-11-27 13:47:59,971 - MyDaemon - INFO - PID: 9215 100%")]
    [InlineData("%(levelname)-8s|%(levelname)8s|%(levelno)03d", "INFO    |    INFO|020")]
    [InlineData("%(created).3f %(msecs)d %%", "1543326479.971 971 %")]
    [InlineData("no field", "no field")]
    public void A_line_looks_as_python_would_write_it(string format, string expected) =>
        Assert.Equal(expected, new DaemonLogFormat(format).Render(Record));

    [Theory]
    [InlineData("%(levlname)s", "%(levlname)s")]
    [InlineData("%(name)", "%(name)")]
    [InlineData("100 % sure", "%")]
    [InlineData("%(name)x", "%(name)x")]
    public void What_is_not_understood_is_told_with_what_would_be(string format, string found)
    {
        var error = Assert.Throws<ServiceCtlException>(() => new DaemonLogFormat(format));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.EndsWith($"can't be understood at '{found}'.", error.Message);
        Assert.Contains("levelname", error.Advice);
    }
}
