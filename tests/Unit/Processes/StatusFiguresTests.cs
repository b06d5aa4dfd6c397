using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class StatusFiguresTests
{
    [Fact]
    public void The_status_of_a_process_tells_what_its_stat_does_but_its_times()
    {
        var own = ProcFs.TryRead(Environment.ProcessId)!;

        var figures = StatusFigures.TryRead(Environment.ProcessId)!;

        Assert.True(figures.IsHeldUp);
        Assert.False(own.IsHeldUp);
        Assert.Equal(
            (own.Pid, own.ParentPid, own.ProcessGroup, own.Session, own.Name),
            (figures.Pid, figures.ParentPid, figures.ProcessGroup, figures.Session, figures.Name));
        Assert.InRange(figures.ResidentBytes, 1, long.MaxValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Name:\tx\n")]
    [InlineData("Tgid:\tx\nState:\tS (sleeping)\n")]
    public void What_is_none_is_nothing(string text) => Assert.Null(StatusFigures.Parse(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void In_namespaces_within_ours_the_number_is_ours()
    {
        var figures = StatusFigures.Parse("Name:\ta:\tb\nTgid:\t77\nState:\tD (disk sleep)\nPPid:\t5\nNSpgid:\t70\t1\nNSsid:\t71\t1\n"u8)!;

        Assert.Equal((77, 5, 70, 71, 'D', "a:\tb"),
            (figures.Pid, figures.ParentPid, figures.ProcessGroup, figures.Session, figures.State, figures.Name));
    }
}
