using ServiceCtl.Contracts;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>A cgroup that counts the memory of a generation, and whom the kernel has killed there for want of it.</summary>
internal sealed class MemoryGroup
{
    private readonly Cgroup _group;
    private readonly bool _isVersion1;
    private readonly long _known;

    /// <param name="group">It has the memory controller.</param>
    /// <param name="isVersion1">Of cgroups; it holds nothing but the memory then.</param>
    /// <param name="isOver">Did the generation end while nobody looked, so that who was killed is news?</param>
    internal MemoryGroup(Cgroup group, bool isVersion1, bool isOver)
    {
        _group = group;
        _isVersion1 = isVersion1;
        // One that is made for this generation counts from 0, but one that could not be removed is used again.
        _known = isOver ? 0 : CountKills();
    }

    /// <summary>The group of version 1, which has to be entered and removed by itself; null where the generation's own counts.</summary>
    internal Cgroup? OwnGroup => _isVersion1 ? _group : null;

    /// <summary>Whether the kernel has killed anybody of the generation for want of memory; null: it has not.</summary>
    internal MemoryKill? FindKill() => CountKills() <= _known ? null : new MemoryKill
    {
        UsedBytes = _isVersion1 ? _group.Read("memory.max_usage_in_bytes") : _group.Read("memory.peak"),
        LimitBytes = Limit(_isVersion1 ? _group.Read("memory.limit_in_bytes") : _group.Read("memory.max")),
    };

    /// <summary>The kernel counts before it kills, so that whoever sees the end sees the count.</summary>
    private long CountKills() => _group.Read(_isVersion1 ? "memory.oom_control" : "memory.events", "oom_kill") ?? 0;

    /// <summary>Version 1 calls none by the highest number of pages.</summary>
    private static long? Limit(long? bytes) => bytes >= 1L << 62 ? null : bytes;
}
