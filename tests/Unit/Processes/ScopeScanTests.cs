using ServiceCtl.Engine.Processes;
using ServiceCtl.Engine.Processes.Scopes;

namespace ServiceCtl.Tests.Unit.Processes;

public sealed class ScopeCensusTests
{
    private const int Agent = 10;
    private static readonly ScopeMarker Web = new("0123456789abcdef", "web", 1);
    private static readonly ScopeMarker Other = Web with { Service = "other" };
    private readonly Dictionary<int, ScopeMarker> _markers = [];
    private readonly List<int> _asked = [];

    [Fact]
    public void Session_marker_and_descent_each_make_a_member()
    {
        _markers[300] = Web;
        IReadOnlyList<int> members = Members(
            Process(100, Agent, session: 100), Process(101, 100, session: 100), Process(200, 100, session: 200),
            Process(201, 200, session: 201), Process(300, 1, session: 300));
        Assert.Equal([100, 101, 200, 201, 300], members);
    }

    [Fact]
    public void A_descendant_with_the_marker_of_another_and_what_descends_from_it_are_not_ours()
    {
        _markers[200] = Other;
        _markers[300] = Web with { Generation = 2 };
        _markers[400] = Web with { Home = "fedcba9876543210" };
        Assert.Equal([100],
            Members(Process(100, Agent, session: 100), Process(200, 100, 200), Process(201, 200, 201), Process(300, 100, 300),
                Process(400, 1, 400)));
    }

    [Fact]
    public void The_agent_and_its_own_session_are_nobodys_members()
    {
        _markers[Agent] = _markers[11] = Web;
        Assert.Equal([100], Members(Process(100, Agent, session: 100), Process(11, Agent, session: Agent, start: 900)));
    }

    [Fact]
    public void Only_the_young_that_nothing_else_tells_of_are_asked_for_their_marker()
    {
        Members(Process(50, 1, 50, start: 10), Process(100, Agent, 100), Process(101, 100, 100), Process(150, Agent, session: 150),
            Process(200, 1, 200));
        Assert.Equal([200], _asked);
    }

    [Fact]
    public void A_session_whose_number_may_be_reused_is_no_sign()
    {
        ScopeTraces traces = Traces() with { Session = null };
        Assert.Empty(Members([Process(100, 1, session: 100), Process(101, 100, session: 100)], traces));
    }

    [Fact]
    public void Who_was_seen_before_is_a_member_but_not_another_that_got_its_pid()
    {
        ScopeTraces traces = Traces() with { Session = null, Seen = new HashSet<ProcessIdentity> { new(200, 500), new(300, 500) } };
        Assert.Equal([200, 201], Members([Process(200, Agent, 200), Process(201, 200, 200), Process(300, Agent, 300, start: 600)], traces));
    }

    [Fact]
    public void Who_was_seen_before_and_is_held_up_now_is_a_member()
    {
        ScopeTraces traces = Traces() with { Session = null, Seen = new HashSet<ProcessIdentity> { new(200, 500) } };
        Assert.Equal([200], Members([Process(200, 1, 200, start: ProcessFigures.NotTold)], traces));
    }

    [Fact]
    public void Who_is_held_up_at_one_look_is_still_known_at_the_next()
    {
        using ExitWatcher watcher = new();
        using ProcessScopes scopes = new("/nowhere", watcher, TimeProvider.System, tree: null);
        using ProcessScope scope = scopes.Create(new ScopeSpec { Service = "web", Generation = 1 });
        scope.Remember([Process(200, 1, 200), Process(300, 1, 300)]);
        scope.Remember([Process(200, 1, 200, start: ProcessFigures.NotTold)]);
        Assert.Equal([new ProcessIdentity(200, 500)], scope.Traces().Seen);
    }

    [Fact]
    public void Only_a_group_of_its_own_is_ended_by_its_number()
    {
        ProcessFigures[] members =
        [
            Process(200, 1, 200) with { ProcessGroup = 0 }, Process(201, 1, 200) with { ProcessGroup = 1 },
            Process(202, 1, 200) with { ProcessGroup = 400 },
        ];
        Assert.Equal([400], ScopeSweeper.LeaderlessGroups(members, ProcessTable.Of(members)));
    }

    [Fact]
    public void The_cgroup_outranks_every_other_sign()
    {
        _markers[200] = Other;
        Assert.Equal([100, 200], Members([Process(100, Agent, 100), Process(200, 1, 200)], Traces() with { InCgroup = [200] }));
    }

    private static ScopeTraces Traces() =>
        new() { Marker = Web, StartTicks = 500, Session = 100, Seen = new HashSet<ProcessIdentity>(), InCgroup = null };

    private static ProcessFigures Process(int pid, int parent, int session, long start = 500) => new()
    {
        Pid = pid,
        ParentPid = parent,
        ProcessGroup = session,
        Session = session,
        Name = "x",
        State = 'S',
        IsExiting = false,
        StartTicks = start,
        UserTime = default,
        SystemTime = default,
        ResidentBytes = 0,
    };

    private IReadOnlyList<int> Members(params ProcessFigures[] processes) => Members(processes, Traces());

    private IReadOnlyList<int> Members(ProcessFigures[] processes, ScopeTraces traces)
    {
        ProcessTable table = ProcessTable.Of([Process(Agent, 1, Agent, start: 100), .. processes]);
        IReadOnlyList<IReadOnlyList<ProcessFigures>> members = ScopeScan.Take(table, [traces], new HashSet<int> { 150 },
            pids => pids.ToDictionary(pid => pid, Marker), Agent);
        return [.. members[0].Select(member => member.Pid).Order()];

        ScopeMarker? Marker(int pid)
        {
            _asked.Add(pid);
            return _markers.GetValueOrDefault(pid);
        }
    }
}
