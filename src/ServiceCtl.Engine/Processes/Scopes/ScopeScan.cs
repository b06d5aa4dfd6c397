namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// Tells, in one pass over the process table, whose of many generations each process is. In this order: the cgroup, the session, the marker
/// in the environment, having been seen as a member before, and descent from any of these. A marker of somebody else ends a line of
/// descent.
/// </summary>
internal sealed class ScopeScan
{
    private readonly ProcessTable _table;
    private readonly IReadOnlyList<ScopeTraces> _scopes;
    private readonly IReadOnlySet<int> _foreignSessions;
    private readonly Func<IReadOnlyList<int>, IReadOnlyDictionary<int, ScopeMarker?>> _markersOf;
    private readonly int _self;
    private readonly int _ownSession;
    private readonly Dictionary<int, int> _owners = [];
    private readonly HashSet<int> _others = [];
    private readonly List<ProcessFigures>[] _members;

    private ScopeScan(
        ProcessTable table, IReadOnlyList<ScopeTraces> scopes, IReadOnlySet<int> foreignSessions,
        Func<IReadOnlyList<int>, IReadOnlyDictionary<int, ScopeMarker?>> markersOf, int self)
    {
        _table = table;
        _scopes = scopes;
        _foreignSessions = foreignSessions;
        _markersOf = markersOf;
        _self = self;
        _ownSession = table.Find(self)?.Session ?? 0;
        _members = [.. scopes.Select(_ => new List<ProcessFigures>())];
    }

    /// <param name="table">All processes.</param>
    /// <param name="scopes">The generations to count.</param>
    /// <param name="foreignSessions">Sessions that other generations lead: their processes need no further look.</param>
    /// <param name="markersOf">Reads the markers of processes. Asked of those only that are young enough and that nothing else tells of.
    /// </param>
    /// <param name="self">This process: it is nobody's member, nor is its session (its own helpers, git for one), however it was
    /// started.</param>
    /// <returns>The members of each generation, in the order of these.</returns>
    internal static IReadOnlyList<IReadOnlyList<ProcessFigures>> Take(
        ProcessTable table, IReadOnlyList<ScopeTraces> scopes, IReadOnlySet<int> foreignSessions,
        Func<IReadOnlyList<int>, IReadOnlyDictionary<int, ScopeMarker?>> markersOf, int self)
    {
        ScopeScan scan = new(table, scopes, foreignSessions, markersOf, self);
        scan.AddCgroups();
        scan.AddBySign();
        scan.AddSeen();
        scan.AddDescendants();
        return scan._members;
    }

    private void AddCgroups()
    {
        for (int scope = 0; scope < _scopes.Count; scope++)
        {
            // One that isn't in the table was born after it was read.
            foreach (int pid in _scopes[scope].InCgroup ?? [])
            {
                if ((_table.Find(pid) ?? ProcFs.TryRead(pid)) is { HasEnded: false } process)
                    Add(process, scope);
            }
        }
    }

    private void AddBySign()
    {
        Dictionary<int, int> bySession = [];
        Dictionary<ScopeMarker, int> byMarker = [];
        long oldest = long.MaxValue;
        for (int scope = 0; scope < _scopes.Count; scope++)
        {
            byMarker[_scopes[scope].Marker] = scope;
            oldest = Math.Min(oldest, _scopes[scope].StartTicks);
            if (_scopes[scope].Session is { } session)
                bySession[session] = scope;
        }

        List<int> unknown = [];
        foreach (ProcessFigures process in _table.All)
        {
            if (process.StartTicks < oldest || process.Session == _ownSession || _foreignSessions.Contains(process.Session))
                _others.Add(process.Pid);
            else if (_owners.ContainsKey(process.Pid))
                continue;
            else if (bySession.TryGetValue(process.Session, out int scope) && process.StartTicks >= _scopes[scope].StartTicks)
                Add(process, scope);
            else
                unknown.Add(process.Pid);
        }

        foreach ((int pid, ScopeMarker? marker) in _markersOf(unknown))
        {
            if (marker is null)
                continue;
            if (byMarker.TryGetValue(marker, out int scope))
                Add(_table.Find(pid)!, scope);
            else
                _others.Add(pid);
        }
    }

    private void AddSeen()
    {
        for (int scope = 0; scope < _scopes.Count; scope++)
        {
            foreach (ProcessIdentity seen in _scopes[scope].Seen)
            {
                if (_table.Find(seen.Pid) is { } process && seen.Is(process))
                    Add(process, scope);
            }
        }
    }

    private void AddDescendants()
    {
        for (int scope = 0; scope < _scopes.Count; scope++)
        {
            // The list grows while it is walked.
            for (int i = 0; i < _members[scope].Count; i++)
            {
                foreach (ProcessFigures child in _table.ChildrenOf(_members[scope][i].Pid))
                {
                    if (!_others.Contains(child.Pid))
                        Add(child, scope);
                }
            }
        }
    }

    private void Add(ProcessFigures process, int scope)
    {
        if (process.Pid != _self && _owners.TryAdd(process.Pid, scope))
            _members[scope].Add(process);
    }
}
