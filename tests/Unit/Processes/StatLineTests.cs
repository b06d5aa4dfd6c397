using System.Text;
using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class StatLineTests
{
    private const string Fields =
        "S 1 42 43 0 -1 4194560 1000 0 2 0 150 25 7 8 20 0 3 0 987654 10485760 2560 18446744073709551615 1 2 3 0 0 0 0 4096 0 0 0 0 17 1 0 "
            + "0 0 0 0 5 6 7 8 9 10 11 256\n";

    [Theory]
    [InlineData("nginx")]
    [InlineData("a) b")]
    [InlineData("(sd-pam)")]
    [InlineData(") S 1 1 1 (")]
    [InlineData("line\nend")]
    [InlineData("")]
    [InlineData("grün")]
    public void A_name_may_hold_anything(string name)
    {
        ProcessFigures figures = Assert.IsType<ProcessFigures>(Parse($"4711 ({name}) {Fields}"));
        Assert.Equal(name, figures.Name);
        Assert.Equal(4711, figures.Pid);
        Assert.Equal((1, 42, 43), (figures.ParentPid, figures.ProcessGroup, figures.Session));
        Assert.Equal('S', figures.State);
        Assert.Equal(new ProcessIdentity(4711, 987654), figures.Identity);
        Assert.Equal(TimeSpan.FromSeconds(1.5), figures.UserTime);
        Assert.Equal(TimeSpan.FromSeconds(0.25), figures.SystemTime);
        Assert.Equal(TimeSpan.FromSeconds(1.75), figures.ProcessorTime);
        Assert.Equal(2560L * Environment.SystemPageSize, figures.ResidentBytes);
        Assert.False(figures.HasEnded);
        Assert.False(figures.IsExiting);
    }

    [Fact]
    public void What_the_kernel_is_burying_is_exiting() =>
        Assert.True(Parse($"1 (x) {Fields.Replace(" 4194560 ", " 4194564 ", StringComparison.Ordinal)}")!.IsExiting);

    [Theory]
    [InlineData('Z')]
    [InlineData('X')]
    public void A_zombie_has_ended(char state) => Assert.True(Parse($"1 (x) {state}{Fields[1..]}")!.HasEnded);

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("4711 (x")]
    [InlineData("4711 (x)")]
    [InlineData("4711 (x) S 1 2 3")]
    [InlineData("x (x) S 1 2 3")]
    public void What_is_no_whole_line_gives_nothing(string line) => Assert.Null(Parse(line));

    [Theory]
    [InlineData("256", 1, null)]
    [InlineData("0", 0, null)]
    [InlineData("65280", 255, null)]
    [InlineData("9", null, 9)]
    [InlineData("139", null, 11)]
    public void The_exit_status_is_the_last_field(string status, int? code, int? signal)
    {
        string line = $"1 (a) b) {Fields.Replace(" 256\n", $" {status}\n", StringComparison.Ordinal)}";
        Assert.Equal(new ProcessExit(code, signal), ProcessExit.OfWaitStatus(StatLine.ParseExitStatus(Encoding.UTF8.GetBytes(line))));
    }

    private static ProcessFigures? Parse(string line) => StatLine.Parse(Encoding.UTF8.GetBytes(line));
}
