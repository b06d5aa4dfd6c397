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
        Of(ProcFs.TryReadAll([.. ProcFs.Pids().Where(pid => !except.Contains(pid))]));

    public ProcessFigures? Find(int pid) => _byPid.GetValueOrDefault(pid);

    public IEnumerable<ProcessFigures> InGroup(int processGroup) => All.Where(process => process.ProcessGroup == processGroup);

    public IEnumerable<ProcessFigures> ChildrenOf(int pid) => _byParent[pid];

    internal static ProcessTable Of(IEnumerable<ProcessFigures> processes) =>
        new(processes.Where(process => !process.HasEnded).ToDictionary(process => process.Pid));
}
