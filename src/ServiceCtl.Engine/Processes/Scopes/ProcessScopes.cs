using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>The generations of one agent's services, as far as processes go. One per agent; safe to use from several threads.</summary>
/// <remarks>
/// <para>With cgroup v2 (root, or a delegated cgroup) every process of a generation is found, whatever it does, and <c>cgroup.kill</c>
/// (Linux 5.14; before: freezing) ends even one that forks faster than anybody can look. Only root can leave a cgroup. For sure without
/// exception if the main process enters by itself (<see cref="ScopeSpec.EntersByItself"/>); else a helper that it starts in the instant
/// before it is moved is found as without cgroups.</para>
/// <para>Without it, these are found for sure: everybody in the session of the main process, in its group or not; everybody who carries the
/// marker in the environment, after any number of forks, setsid and lost parents; all living descendants of these; and who was once seen as
/// one of them (<see cref="ProcessScope.ObserveAsync"/>). Not for sure: one that has left the session, changed its environment and lost its
/// parents, all three before anybody looked. Where this process is the first of a container, or a subreaper, it is a child of this process
/// then, and is reported, not ended, as it may be another service's. Nor one that outside the main session forks and ends without pause:
/// never the same process for a millisecond, it may be missed by every look.</para>
/// <para>Not as root: processes that became another user (setuid) hide their environment and refuse signals; they are reported as
/// remaining.</para>
/// <para>Every signal goes through a pidfd whose process was compared with the one that was found, or to a group that such a process
/// leads.</para>
/// </remarks>
public sealed class ProcessScopes : IDisposable
{
    // Asked of the user database each time, otherwise.
    private static readonly string OwnName = Environment.UserName;

    private readonly Lock _gate = new();
    private readonly HashSet<ProcessScope> _live = [];
    private readonly ExitWatcher _watcher;
    private readonly CgroupTree? _tree;
    private readonly Lazy<CgroupTree?> _memory;
    private readonly string _home;

    /// <param name="home">The agent's home folder: generations of other homes are strangers.</param>
    /// <param name="watcher">Notices the ends.</param>
    /// <param name="time">Measures limits.</param>
    public ProcessScopes(string home, ExitWatcher watcher, TimeProvider time)
        : this(home, watcher, time, CgroupTree.TryOpen(ScopeMarker.HomeOf(home), out string reason), CgroupTree.TryOpenMemory) =>
            NoCgroupsBecause = _tree is null ? reason : null;

    internal ProcessScopes(
        string home, ExitWatcher watcher, TimeProvider time, CgroupTree? tree, Func<string, CgroupTree?>? openMemory = null)
    {
        _home = ScopeMarker.HomeOf(home);
        _memory = new(() => openMemory?.Invoke(_home));
        _watcher = watcher;
        _tree = tree;
        Sweeper = new(this, watcher, time);
    }

    /// <summary>Why generations have no cgroup of their own here; null when they have.</summary>
    public string? NoCgroupsBecause { get; }

    internal ScopeSweeper Sweeper { get; }

    /// <summary>For a generation that is to be started.</summary>
    /// <exception cref="ServiceCtlException"><see cref="ErrorCode.InvalidArgument"/>: no such user; <see cref="ErrorCode.AccessDenied"/>:
    /// another user, but not root.</exception>
    public ProcessScope Create(ScopeSpec spec)
    {
        LoginUser? user = Launcher.UserOf(spec.Service, spec.User);
        ScopeMarker marker = MarkerOf(spec);
        return Add(spec, marker, _tree?.TryCreate(marker), user, SandboxPlan.Of(spec.Sandbox, user), running: null);
    }

    /// <summary>
    /// For a generation that an earlier agent has started. Its main process may have ended meanwhile: what it left behind is found all the
    /// same.
    /// </summary>
    public ProcessScope Attach(ScopeSpec spec, ProcessIdentity main)
    {
        ScopeMarker marker = MarkerOf(spec);
        bool alive = main.IsAlive();
        LoginUser? user = spec.User is null ? null : LoginUser.Find(spec.User);
        SandboxPlan sandbox = SandboxPlan.Of(spec.Sandbox, user is null || user.UserId == Interop.Libc.GetEffectiveUid() ? null : user);
        ProcessScope scope = Add(spec, marker, _tree?.TryFind(marker, alive ? main.Pid : null), user,
            alive ? sandbox.AsFound(main.Pid) : sandbox, alive ? main.Pid : 0);
        scope.Adopt(main, leadsSession: alive);
        return scope;
    }

    /// <summary>
    /// Everybody of all generations of this agent, at the price of one. Each generation remembers its own, as with
    /// <see cref="ProcessScope.ObserveAsync"/>.
    /// </summary>
    public IReadOnlyDictionary<ProcessScope, IReadOnlyList<ProcessFigures>> Members(ProcessTable table)
    {
        ProcessScope[] scopes = Live();
        IReadOnlyList<IReadOnlyList<ProcessFigures>> members = Count(table, scopes);
        return scopes.Zip(members).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>
    /// The generations of this home of which anything lives, by looking at every process of the host: for an agent that starts, to find
    /// those of which the state on disk doesn't know.
    /// </summary>
    public IReadOnlyList<FoundScope> FindAll()
    {
        ProcessTable table = ProcessTable.Read();
        Dictionary<ScopeMarker, Dictionary<int, ProcessFigures>> found = [];
        IEnumerable<int> others = table.All.Select(process => process.Pid).Where(pid => pid != Environment.ProcessId);
        foreach ((int pid, ScopeMarker? marker) in GuardedReads.OfAll(others, ScopeMarker.TryRead))
        {
            if (marker is not null && marker.Home == _home)
                MembersOf(marker)[pid] = table.Find(pid)!;
        }

        foreach ((ScopeMarker marker, Cgroup group) in _tree?.All(_home) ?? [])
        {
            foreach (ProcessFigures process in group.Pids().Select(table.Find).OfType<ProcessFigures>())
                MembersOf(marker)[process.Pid] = process;
        }

        return
        [
            .. found.Select(pair => FoundScope.Of(
                pair.Key, [.. pair.Value.Values.OrderBy(process => process.StartTicks).ThenBy(process => process.Pid)])),
        ];

        Dictionary<int, ProcessFigures> MembersOf(ScopeMarker marker) =>
            found.TryGetValue(marker, out Dictionary<int, ProcessFigures>? members) ? members : found[marker] = [];
    }

    /// <summary>
    /// Ends the waiting of whoever ends a generation; the generations are left as they are. Of cgroups, the empty ones go.
    /// </summary>
    public void Dispose()
    {
        Sweeper.Dispose();
        _tree?.RemoveEmpty();
        if (_memory.IsValueCreated)
            _memory.Value?.RemoveEmpty();
    }

    /// <summary>
    /// The living main processes of all generations but these: known without a look at them, and of hundreds of generations most of the
    /// host's processes. Those whose end was noticed are not among them: their pids may be anybody's.
    /// </summary>
    internal IReadOnlySet<int> MainsBut(IReadOnlyList<ProcessScope> scopes)
    {
        HashSet<int> mains = SessionsBut(scopes);
        mains.IntersectWith(_watcher.WatchedPids());
        return mains;
    }

    internal void Forget(ProcessScope scope)
    {
        lock (_gate)
            _live.Remove(scope);
    }

    internal IReadOnlyList<IReadOnlyList<ProcessFigures>> Count(ProcessTable table, IReadOnlyList<ProcessScope> scopes)
    {
        ScopeTraces[] traces = [.. scopes.Select(scope => scope.Traces())];
        Dictionary<ScopeMarker, uint> users = scopes.Where(scope => scope.UserId is not null)
            .ToDictionary(scope => scope.Marker, scope => scope.UserId!.Value);
        IReadOnlyList<IReadOnlyList<ProcessFigures>> members = ScopeScan.Take(
            table, traces, SessionsBut(scopes),
            pids => GuardedReads.OfAll(pids, pid =>
                ScopeMarker.TryRead(pid) is { } marker && (!users.TryGetValue(marker, out uint user) || FoundScope.Believes(pid, user))
                    ? marker : null),
            Environment.ProcessId);
        for (int i = 0; i < scopes.Count; i++)
            scopes[i].Remember(members[i]);
        return members;
    }

    internal IReadOnlyList<ScopeMember> UnattributedTo(ProcessScope scope, ProcessTable table)
    {
        if ((scope.HasCgroup && scope.Spec.EntersByItself) || scope.Main is not { } main)
            return [];
        IReadOnlySet<int> watched = _watcher.WatchedPids();
        int ownSession = table.Find(Environment.ProcessId)?.Session ?? 0;
        return
        [
            .. table.ChildrenOf(Environment.ProcessId)
                .Where(child => child.StartTicks >= main.StartTicks && child.Session != ownSession && !watched.Contains(child.Pid)
                    && !watched.Contains(child.Session) && ScopeMarker.TryRead(child.Pid) is null
                    && !InCgroup(child.Pid))
                .Select(child => new ScopeMember(child.Pid, child.Name, "no sign of whose it is")),
        ];
    }

    private bool InCgroup(int pid) =>
        _tree is not null && CgroupTree.IsOfGeneration(CgroupTree.PathOf(ProcFile.TryReadAll($"/proc/{pid}/cgroup")));

    private ScopeMarker MarkerOf(ScopeSpec spec) => new(_home, spec.Service, spec.Generation, spec.Instance);

    /// <param name="spec">What it is for.</param>
    /// <param name="marker">Its own.</param>
    /// <param name="group">Its cgroup; null: none.</param>
    /// <param name="user">Whom it runs as; null: nobody else.</param>
    /// <param name="sandbox">Its own.</param>
    /// <param name="running">The main process that an earlier agent has started, 0 where that has ended; null: it is to be started.</param>
    private ProcessScope Add(
        ScopeSpec spec, ScopeMarker marker, Cgroup? group, LoginUser? user, SandboxPlan sandbox, int? running)
    {
        MemoryGroup? memory = MemoryGroupOf(spec, marker, group, running);
        LimitPlan plan = LimitPlan.Of(
            spec.Limits, group is null ? new HashSet<string>() : _tree!.Controllers, user?.Name ?? OwnName,
            user is null ? Environment.IsPrivilegedProcess : user.UserId == 0, memory?.OwnGroup is not null);
        plan.Write(group, memory?.OwnGroup);
        ProcessScope scope = new(this, new ScopeSetup(spec, marker, group, memory, plan, user, sandbox));
        lock (_gate)
            _live.Add(scope);
        return scope;
    }

    private MemoryGroup? MemoryGroupOf(ScopeSpec spec, ScopeMarker marker, Cgroup? group, int? running)
    {
        if (group is not null && _tree!.Controllers.Contains("memory"))
            return new MemoryGroup(group, isVersion1: false, isOver: running == 0);
        if (spec.Limits.MemoryBytes is null && !spec.CountsMemory)
            return null;
        return (running is { } main ? _memory.Value?.TryFind(marker, main > 0 ? main : null) : _memory.Value?.TryCreate(marker)) is { } own
            ? new MemoryGroup(own, isVersion1: true, isOver: running == 0) : null;
    }

    private ProcessScope[] Live()
    {
        lock (_gate)
            return [.. _live];
    }

    private HashSet<int> SessionsBut(IReadOnlyList<ProcessScope> scopes)
    {
        HashSet<ProcessScope> counted = [.. scopes];
        return [.. Live().Where(scope => !counted.Contains(scope)).Select(scope => scope.Main?.Pid).OfType<int>()];
    }
}
