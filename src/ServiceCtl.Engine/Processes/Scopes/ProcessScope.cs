using ServiceCtl.Contracts;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// Everything that one generation of a service runs, wherever it went: knows it, limits it, and ends it for good. Made by
/// <see cref="ProcessScopes"/>, whose remarks say what is found for sure. Safe to use from several threads.
/// </summary>
public sealed class ProcessScope : IDisposable
{
    /// <summary>So long helpers of a process that has ended may take to end as well.</summary>
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly ProcessScopes _owner;
    private readonly Cgroup? _group;
    private readonly MemoryGroup? _memory;
    private readonly LoginUser? _user;
    private readonly LimitPlan _plan;
    private readonly SandboxPlan _sandbox;
    private HashSet<ProcessIdentity> _seen = [];
    private volatile string? _refusal;
    private volatile string? _memoryRefusal;
    private ProcessIdentity? _main;
    private bool _leadsSession;

    internal ProcessScope(ProcessScopes owner, ScopeSetup setup)
    {
        _owner = owner;
        Spec = setup.Spec;
        Marker = setup.Marker;
        _group = setup.Group;
        _memory = setup.Memory;
        _plan = setup.Plan;
        _user = setup.User;
        _sandbox = setup.Sandbox;
    }

    public ScopeSpec Spec { get; }

    public ScopeMarker Marker { get; }

    /// <summary>Whom it runs as; null for the agent's own user.</summary>
    internal uint? UserId => _user?.UserId;

    /// <summary>The main process; null until it was started.</summary>
    public ProcessIdentity? Main
    {
        get
        {
            lock (_gate)
                return _main;
        }
    }

    /// <summary>Whether a cgroup holds the generation, so that nobody of it can hide.</summary>
    public bool HasCgroup => _group is not null && _refusal is null;

    /// <summary>Whether its cgroup tells of everybody who belongs to it.</summary>
    private bool IsContained => HasCgroup && !Spec.HasOutsiders;

    /// <summary>
    /// Whether a cgroup tells that nobody is left but who moved out of it. What it costs does not depend on the host's other processes.
    /// </summary>
    public bool IsDeserted => IsContained && _group!.Pids().Count == 0;

    /// <summary>Each limit that the spec asks for, with what holds it.</summary>
    public IReadOnlyList<AppliedLimit> Limits =>
        _refusal is null && _memoryRefusal is null ? _plan.Applied : _plan.AppliedOutside(_refusal, _memoryRefusal);

    /// <summary>
    /// Whether the kernel has killed anybody of it for want of memory since it was started or taken on; null where it has not, and where
    /// nothing counts that.
    /// </summary>
    public MemoryKill? FindMemoryKill() => _memory?.FindKill();

    /// <summary>Each part of the sandbox, with what holds it.</summary>
    public IReadOnlyList<AppliedProtection> Sandbox => _sandbox.Applied;

    /// <summary>
    /// What to spawn instead: the marker is added to the environment, and where limits or another user are asked for, prlimit and
    /// setpriv go in front. Of the environment, HOME, USER, LOGNAME and SHELL become that user's where they are absent or the agent's own.
    /// </summary>
    /// <exception cref="ServiceCtlException">The program is not there, or prlimit or setpriv is not.</exception>
    public ProcessSpec Wrap(ProcessSpec spec)
    {
        Dictionary<string, string> environment = new(spec.Environment)
        {
            [ScopeMarker.ServiceVariable] = Spec.Service,
            [ScopeMarker.GenerationVariable] = Marker.ToString(),
        };
        return Launcher.Wrap(spec with { Environment = environment }, _plan.Options, _user, Spec.EntersByItself ? _group : null, _sandbox,
            Spec.FileMask);
    }

    /// <summary>
    /// To be called at once after the spawn, on the same thread: puts the main process into the cgroup, and children that it may have had
    /// by then. What is forked from then on is born there. One that it forked before, and that has lost its parent already, is outside, and
    /// recognised as where there are no cgroups; <see cref="ScopeSpec.EntersByItself"/> leaves no such gap.
    /// </summary>
    public void Enter(ChildProcess main)
    {
        Adopt(main.Identity, leadsSession: true);
        // One that has ended is in no cgroup any more; one whose end is not noticed yet, the kernel puts there without effect.
        if (main.Exited.IsCompleted)
            return;
        _refusal = TryEnter(_group, main.Pid);
        _memoryRefusal = TryEnter(_memory?.OwnGroup, main.Pid);
    }

    /// <summary>Those of it that live although the main process has ended, after a moment in which helpers notice that.</summary>
    /// <param name="time">Measures that moment.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IReadOnlyList<int>> FindSurvivorsAsync(TimeProvider time, CancellationToken cancellation)
    {
        long begin = time.GetTimestamp();
        while (true)
        {
            await ObserveAsync(cancellation);
            int[] living = [.. KnownPids().Where(pid => pid != Main?.Pid)];
            if (living.Length == 0 || time.GetElapsedTime(begin) > LastMoment)
                return living;
            await Task.Delay(LastMoment / 10, time, cancellation);
        }
    }

    /// <summary>
    /// Those of this generation that can be told without a look at the whole host, for what is asked many times a second: what its cgroup
    /// holds, or else the main process with its descendants and whoever was seen before. Some may have ended.
    /// </summary>
    internal IReadOnlyCollection<int> KnownPids()
    {
        if (IsContained)
            return _group!.Pids();

        // Looked at outside of the lock, and all together: who is held up costs a moment.
        HashSet<ProcessIdentity> all;
        lock (_gate)
            all = _main is { } main ? [main, .. _seen] : _seen;
        HashSet<int> known =
        [
            .. ProcFs.TryReadAll([.. all.Select(seen => seen.Pid).Distinct()])
                .Where(process => !process.HasEnded && (process.IsHeldUp || all.Contains(process.Identity)))
                .Select(process => process.Pid),
        ];

        Queue<int> open = new(known);
        while (open.TryDequeue(out int pid))
        {
            foreach (int child in ProcFs.ChildrenOf(pid).Where(known.Add))
                open.Enqueue(child);
        }

        return known;
    }

    /// <summary>
    /// Looks who belongs to the generation and remembers it. To be called when it has become ready and before it is asked to stop: where no
    /// cgroup holds it, a helper with a session and an environment of its own can be told from a stranger only as long as its parent lives.
    /// Done at once where one does.
    /// </summary>
    public Task ObserveAsync(CancellationToken cancellation) =>
        IsContained ? Task.CompletedTask : _owner.Sweeper.SweepAsync(this, null, cancellation);

    /// <summary>
    /// Kills everybody of the generation, the main process included, and looks again until nobody is left, whatever came between. Where all
    /// are gone, the cgroup is removed. May be called again when some remained.
    /// </summary>
    /// <param name="limit">How long it may take. Above zero.</param>
    /// <param name="cancellation">Ends the waiting; what was killed stays so.</param>
    public async Task<EndReport> EndAsync(TimeSpan limit, CancellationToken cancellation)
    {
        EndReport report = await _owner.Sweeper.SweepAsync(this, limit, cancellation);
        if (report.IsComplete)
        {
            _group?.TryRemove();
            _memory?.OwnGroup?.TryRemove();
            _owner.Forget(this);
        }

        return report;
    }

    /// <summary>Lets go of the generation; never ends it.</summary>
    public void Dispose() => _owner.Forget(this);

    internal void Adopt(ProcessIdentity main, bool leadsSession)
    {
        lock (_gate)
        {
            _main = main;
            _leadsSession = leadsSession;
        }
    }

    internal ScopeTraces Traces()
    {
        IReadOnlyList<int>? inCgroup = _group?.Pids();
        lock (_gate)
        {
            return new()
            {
                Marker = Marker,
                StartTicks = _main?.StartTicks ?? 0,
                Session = _leadsSession ? _main?.Pid : null,
                Seen = _seen,
                InCgroup = inCgroup,
            };
        }
    }

    // Those that have ended since are forgotten with it.
    internal void Remember(IEnumerable<ProcessFigures> members)
    {
        lock (_gate)
        {
            HashSet<ProcessIdentity> known = _main is { } main ? [main, .. _seen] : _seen;
            _seen = [.. members.Select(member => IdentityOf(member, known))];
        }
    }

    // One that is held up tells no start, and is known by the one it told before when it is free again.
    private static ProcessIdentity IdentityOf(ProcessFigures member, HashSet<ProcessIdentity> known) =>
        member.IsHeldUp && known.FirstOrDefault(former => former.Pid == member.Pid) is { Pid: > 0 } former ? former : member.Identity;

    /// <summary>Kills the cgroup at one stroke; nothing where there is none.</summary>
    internal void KillGroup()
    {
        // We are in it only if our own leaving it at the start has been undone.
        if (_group is not null && !_group.Pids().Contains(Environment.ProcessId))
            _group.Kill();
    }

    /// <returns>Why it is not in it; null where it is, has ended, or there is none.</returns>
    private static string? TryEnter(Cgroup? group, int main)
    {
        if (group is null)
            return null;
        int error = group.TryAdd(main);
        if (error == 0)
            MoveChildrenIn(group, main, []);
        return error is 0 or Errno.NoProcess ? null : $"the kernel refused to put the process into its cgroup: {SystemError.Text(error)}";
    }

    // Looked for after the parent was moved: a child that is not in the list by then is born inside. One that can't be moved has ended.
    private static void MoveChildrenIn(Cgroup group, int parent, HashSet<int> moved)
    {
        foreach (int child in ProcFs.ChildrenOfFirstThread(parent))
        {
            if (moved.Add(child) && group.TryAdd(child) == 0)
                MoveChildrenIn(group, child, moved);
        }
    }
}
