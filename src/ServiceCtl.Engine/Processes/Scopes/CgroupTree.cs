using System.Text;
using System.Text.RegularExpressions;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes.Scopes;

/// <summary>
/// Where the agent of one home keeps the cgroups of its generations: <c>servicectl.HOME/SERVICE.NUMBER</c> below the cgroup that the agent
/// itself is in, which is the only one it can be sure to be allowed to divide.
/// </summary>
/// <remarks>
/// Controllers (memory, cpu, pids) can be handed on only by a cgroup that holds no process itself. For a unit of systemd that means
/// <c>Delegate=yes</c> and <c>DelegateSubgroup=agent</c> (systemd 254): the agent then divides the parent of its own. Without controllers a
/// cgroup limits nothing but still knows its processes and ends them. https://docs.kernel.org/admin-guide/cgroup-v2.html
/// </remarks>
internal sealed partial class CgroupTree
{
    private const string AgentGroup = "/agent";
    private const string Memory = "memory";

    private static readonly string[] Wanted = ["memory", "cpu", "pids"];

    private readonly string _folder;

    private readonly string? _version1;

    private CgroupTree(string folder, IReadOnlySet<string> controllers, string? version1 = null)
    {
        _folder = folder;
        Controllers = controllers;
        _version1 = version1;
    }

    /// <summary>Which of memory, cpu and pids the generations' cgroups have.</summary>
    internal IReadOnlySet<string> Controllers { get; }

    /// <returns>Null when there is no cgroup v2 here, or none that may be divided; the reason says which.</returns>
    internal static CgroupTree? TryOpen(string home, out string reason)
    {
        string? mounted = MountPointOf(ProcFile.TryReadAll("/proc/self/mountinfo"));
        string? own = PathOf(ProcFile.TryReadAll("/proc/self/cgroup"));
        if (mounted is null || own is null || own.StartsWith("/..", StringComparison.Ordinal))
        {
            reason = "this host has no cgroup v2";
            return null;
        }

        string divided = SubtreeOf(own);
        string above = Path.TrimEndingDirectorySeparator(mounted + divided);

        // Started by a service of ours, that is inside its cgroup: what ends that service would end this agent.
        if (IsOfGeneration(own) && new Cgroup(above).TryAdd(Environment.ProcessId) is not 0 and int error)
        {
            reason = $"this process may not leave the cgroup {own} ({SystemError.Text(error)})";
            return null;
        }

        return TryOpenBelow(above, home, out reason);
    }

    /// <summary>
    /// The same in version 1, where each controller has a tree of its own: that of memory. A group is made where one is asked for.
    /// </summary>
    /// <returns>Null where there is none, or this process would divide the limit of a service that has started it.</returns>
    internal static CgroupTree? TryOpenMemory(string home)
    {
        string? mounted = MountPointOf(ProcFile.TryReadAll("/proc/self/mountinfo"), Memory);
        string? own = PathOf(ProcFile.TryReadAll("/proc/self/cgroup"), Memory);
        if (mounted is null || own is null || own.StartsWith("/..", StringComparison.Ordinal))
            return null;
        string above = Path.TrimEndingDirectorySeparator(mounted + SubtreeOf(own));
        if (!Directory.Exists(above) || (IsOfGeneration(own) && new Cgroup(above).TryAdd(Environment.ProcessId) != 0))
            return null;
        return new($"{above}/servicectl.{home}", new HashSet<string> { Memory }, Memory);
    }

    internal static CgroupTree? TryOpenBelow(string above, string home, out string reason)
    {
        string folder = $"{above}/servicectl.{home}";
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            reason = $"the cgroup {above} is not delegated to this user";
            return null;
        }

        reason = "";
        return new(folder, Enable(above, folder));
    }

    /// <returns>Null when it can't be made, however that came about: the next agent's user may be another one.</returns>
    internal Cgroup? TryCreate(ScopeMarker marker)
    {
        string folder = FolderOf(marker);
        try
        {
            Directory.CreateDirectory(folder);
            return new(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The cgroup that an earlier agent made, wherever that agent was, as long as the main process lives; else where this one would make
    /// it.
    /// </summary>
    internal Cgroup? TryFind(ScopeMarker marker, int? main)
    {
        string tail = $"/servicectl.{marker.Home}/{NameOf(marker)}";
        if (main is not null && PathOf(ProcFile.TryReadAll($"/proc/{main}/cgroup"), _version1) is { } path
            && path.EndsWith(tail, StringComparison.Ordinal)
            && MountPointOf(ProcFile.TryReadAll("/proc/self/mountinfo"), _version1) is { } mounted)
        {
            return new(mounted + path);
        }

        return Directory.Exists(FolderOf(marker)) ? new(FolderOf(marker)) : null;
    }

    /// <summary>The generations whose cgroups are here, empty ones included.</summary>
    internal IEnumerable<(ScopeMarker Marker, Cgroup Group)> All(string home)
    {
        foreach (string folder in Directory.GetDirectories(_folder))
        {
            string name = Path.GetFileName(folder);
            int dot = name.LastIndexOf('.');
            if (dot > 0 && ScopeMarker.Parse($"{home}:{name[..dot]}:{name[(dot + 1)..]}") is { } marker)
                yield return (marker, new(folder));
        }
    }

    internal void RemoveEmpty() => new Cgroup(_folder).TryRemove();

    /// <summary>The cgroup to divide for an agent that is in this one.</summary>
    internal static string SubtreeOf(string own)
    {
        Match scope = ScopePart().Match(own);
        string path = scope.Success ? own[..scope.Index] : own.EndsWith(AgentGroup, StringComparison.Ordinal)
            ? own[..^AgentGroup.Length] : own;
        return path.Length == 0 ? "/" : path;
    }

    internal static bool IsOfGeneration(string? path) => path is not null && ScopePart().IsMatch(path);

    /// <summary>
    /// The path of version 2 in a <c>/proc/PID/cgroup</c>, or that of a controller of version 1, as seen from our cgroup namespace.
    /// </summary>
    internal static string? PathOf(ReadOnlySpan<byte> text, string? version1 = null)
    {
        foreach (Range line in text.Split((byte)'\n'))
        {
            if (version1 is null && text[line].StartsWith("0::"u8))
                return Encoding.UTF8.GetString(text[line][3..]);
            if (version1 is not null && Encoding.UTF8.GetString(text[line]).Split(':', 3) is [_, var controllers, var path]
                && controllers.Split(',').Contains(version1))
                return path;
        }

        return null;
    }

    /// <summary>
    /// Where version 2 is mounted, alone or beside version 1, or a controller of version 1. A mount of a part only is of no use: paths
    /// would not fit.
    /// </summary>
    internal static string? MountPointOf(ReadOnlySpan<byte> mounts, string? version1 = null)
    {
        foreach (Range line in mounts.Split((byte)'\n'))
        {
            string[] fields = Encoding.UTF8.GetString(mounts[line]).Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (dash > 4 && fields.Length > dash + 1 && fields[3] == "/" && (version1 is null ? fields[dash + 1] == "cgroup2"
                : fields[dash + 1] == "cgroup" && fields.Length > dash + 3 && fields[dash + 3].Split(',').Contains(version1)))
                return fields[4];
        }

        return null;
    }

    private static HashSet<string> Enable(string above, string folder)
    {
        string[] there = Encoding.UTF8.GetString(ProcFile.TryReadAll($"{above}/cgroup.controllers") ?? [])
            .Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Wanted.Intersect(there).Where(controller =>
                new Cgroup(above).TryWrite("cgroup.subtree_control", $"+{controller}") == 0
                && new Cgroup(folder).TryWrite("cgroup.subtree_control", $"+{controller}") == 0),
        ];
    }

    // A service's name may hold dots; the numbers after the last one don't.
    private static string NameOf(ScopeMarker marker) => $"{marker.Service}.{marker.Numbers}";

    private string FolderOf(ScopeMarker marker) => $"{_folder}/{NameOf(marker)}";

    [GeneratedRegex("/servicectl\\.[0-9a-f]{16}(/|$)")]
    private static partial Regex ScopePart();
}
