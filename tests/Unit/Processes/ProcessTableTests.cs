using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class ProcessTableTests
{
    [Fact]
    public void Zombies_are_not_in_the_table()
    {
        ProcessTable table = ProcessTable.Of([Process(1, 0, 1), Process(2, 1, 1) with { State = 'Z' }]);
        Assert.Null(table.Find(2));
        Assert.Empty(table.ChildrenOf(1));
    }

    private static ProcessFigures Process(int pid, int parent, int session) => new()
    {
        Pid = pid,
        ParentPid = parent,
        ProcessGroup = session,
        Session = session,
        Name = "x",
        State = 'S',
        IsExiting = false,
        StartTicks = pid,
        UserTime = TimeSpan.Zero,
        SystemTime = TimeSpan.Zero,
        ResidentBytes = 0,
    };
}
