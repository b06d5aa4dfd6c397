namespace ServiceCtl.Engine.Processes;

/// <summary>
/// All processes at one moment, read once and asked often: one reading costs about 10 µs per process of the host, so that those who
/// end many services at once share one. Zombies are not in it.
/// </summary>
public sealed class ProcessTable
{
    private readonly Dictionary<int, ProcessFigures> _byPid;
    private readonly ILookup<int, ProcessFigures> _byParent;

    private ProcessTable(Dictionary<int, ProcessFigures> byPid)
    {
        _byPid = byPid;
        _byParent = byPid.Values.ToLookup(process => process.ParentPid);
    }

    public IReadOnlyCollection<ProcessFigures> All => _byPid.Values;

    public static ProcessTable Read() => Read(new HashSet<int>());

    /// <summary>The same without some that need not be looked at.</summary>
    internal static ProcessTable Read(IReadOnlySet<int> except) =>
        Of(ProcFs.Pids().Where(pid => !except.Contains(pid)).Select(ProcFs.TryRead).OfType<ProcessFigures>());

    public ProcessFigures? Find(int pid) => _byPid.GetValueOrDefault(pid);

    public IEnumerable<ProcessFigures> InGroup(int processGroup) => All.Where(process => process.ProcessGroup == processGroup);

    public IEnumerable<ProcessFigures> InSession(int session) => All.Where(process => process.Session == session);

    public IEnumerable<ProcessFigures> ChildrenOf(int pid) => _byParent[pid];

    /// <summary>Children, their children and so on; nearest first, the process itself not among them.</summary>
    public IReadOnlyList<ProcessFigures> DescendantsOf(int pid) => FamilyOf(_byParent[pid]);

    /// <summary>
    /// Everything that descends from one launch, as far as it can be told: what is in its session, what carries its marker in the
    /// environment, and all descendants of these. A helper escapes only if it left the session, lost its parents and wiped its
    /// environment; such a one becomes a child of the subreaper (<see cref="Subreaper"/>).
    /// </summary>
    /// <param name="session">The session, which has the pid of the process that was spawned.</param>
    /// <param name="carriesMarker">Whether a process carries the launch's marker. Asked only of processes of other sessions.</param>
    public IReadOnlyList<ProcessFigures> FamilyOf(int session, Func<ProcessFigures, bool> carriesMarker) =>
        FamilyOf(All.Where(process => process.Session == session || carriesMarker(process)));

    internal static ProcessTable Of(IEnumerable<ProcessFigures> processes) =>
        new(processes.Where(process => !process.HasEnded).ToDictionary(process => process.Pid));

    private List<ProcessFigures> FamilyOf(IEnumerable<ProcessFigures> roots)
    {
        List<ProcessFigures> family = [];
        HashSet<int> seen = [];
        Queue<ProcessFigures> open = new(roots);
        while (open.TryDequeue(out ProcessFigures? member))
        {
            // The table is not read in one instant: a reused pid may close a circle.
            if (!seen.Add(member.Pid))
                continue;
            family.Add(member);
            foreach (ProcessFigures child in _byParent[member.Pid])
                open.Enqueue(child);
        }

        return family;
    }
}
