using System.Globalization;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Finds the processes that have a socket open. This walks through every descriptor of every process: for messages and decisions, not for
/// waiting.
/// </summary>
internal static unsafe class SocketOwners
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>The holders, the parent of the others first: a master before its workers.</summary>
    internal static IReadOnlyList<SocketHolder> Find(IReadOnlyDictionary<long, int?> uidByInode)
    {
        if (uidByInode.Count == 0)
            return [];

        Dictionary<ProcessFigures, int?> found = [];
        HashSet<long> seen = [];
        foreach ((int pid, List<long> inodes) in GuardedReads.OfAll(ProcFs.Pids(), pid => InodesOf(pid).FindAll(uidByInode.ContainsKey)))
        {
            seen.UnionWith(inodes);
            if (inodes is [.., var inode] && ProcFs.TryRead(pid) is { } figures)
                found[figures] = uidByInode[inode];
        }

        HashSet<int> pids = [.. found.Keys.Select(process => process.Pid)];
        List<SocketHolder> holders =
        [
            .. found
                .OrderBy(pair => pids.Contains(pair.Key.ParentPid))
                .ThenBy(pair => pair.Key.StartTicks)
                .ThenBy(pair => pair.Key.Pid)
                .Select(pair => new SocketHolder(pair.Key.Pid, pair.Key.Name, pair.Value)),
        ];
        holders.AddRange(uidByInode.Where(pair => !seen.Contains(pair.Key)).Select(pair => new SocketHolder(0, "", pair.Value)));
        return holders;
    }

    /// <summary>The numbers of the sockets that a process has open.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    internal static IEnumerable<int> SocketsOf(int pid) =>
        from descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd", "*", Everything)
        where SocketInode(descriptor) is not null
        select int.Parse(Path.GetFileName(descriptor.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The sockets that these processes have open.</summary>
    internal static IReadOnlySet<long> InodesOf(IEnumerable<int> pids)
    {
        HashSet<long> inodes = [];
        foreach (List<long> held in GuardedReads.OfAll(pids, InodesOf).Values)
            inodes.UnionWith(held);
        return inodes;
    }

    private static List<long> InodesOf(int pid)
    {
        List<long> inodes = [];
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd", "*", Everything))
            {
                if (SocketInode(descriptor) is { } inode)
                    inodes.Add(inode);
            }
        }
        catch (IOException)
        {
            // The process ended while we looked.
        }

        return inodes;
    }

    private static long? SocketInode(string descriptor)
    {
        byte* target = stackalloc byte[64];
        nint length = Libc.ReadLink(descriptor, target, 64);
        ReadOnlySpan<byte> text = new(target, (int)Math.Max(length, 0));
        return text.StartsWith("socket:["u8) && long.TryParse(text[8..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long inode)
            ? inode : null;
    }
}
