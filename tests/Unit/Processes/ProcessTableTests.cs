using ServiceCtl.Engine.Processes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class ProcessTableTests
{
    [Fact]
    public void Descendants_come_nearest_first() =>
        Assert.Equal([2, 3, 4, 5], Pids(Table((1, 0, 1), (2, 1, 1), (3, 1, 1), (4, 2, 1), (5, 4, 1), (9, 0, 9)).DescendantsOf(1)));

    [Fact]
    public void A_circle_made_by_a_reused_pid_ends() =>
        Assert.Equal([2, 3], Pids(Table((2, 3, 2), (3, 2, 3)).DescendantsOf(3)).Order());

    [Fact]
    public void A_family_is_its_session_those_with_the_marker_and_what_descends_from_them() =>
        Assert.Equal([11, 12, 13, 20, 21], Pids(Table((11, 1, 10), (12, 11, 12), (13, 12, 12), (20, 1, 20), (21, 20, 20), (30, 1, 30))
            .FamilyOf(10, process => process.Pid == 20)).Order());

    [Fact]
    public void Zombies_are_not_in_the_table()
    {
        ProcessTable table = ProcessTable.Of([Process(1, 0, 1), Process(2, 1, 1) with { State = 'Z' }]);
        Assert.Null(table.Find(2));
        Assert.Empty(table.ChildrenOf(1));
    }

    private static IEnumerable<int> Pids(IEnumerable<ProcessFigures> processes) => processes.Select(process => process.Pid);

    private static ProcessTable Table(params (int Pid, int Parent, int Session)[] processes) =>
        ProcessTable.Of(processes.Select(process => Process(process.Pid, process.Parent, process.Session)));

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
