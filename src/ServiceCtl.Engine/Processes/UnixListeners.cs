using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Who listens on a Unix socket. The kernel keeps the path as it was given to bind, so that a relative one is found by that text only;
/// the name of an abstract socket starts with <c>@</c>.
/// </summary>
public static class UnixListeners
{
    // __SO_ACCEPTCON, include/linux/net.h
    private const uint AcceptsConnections = 0x10000;
    private const int Flags = 3;
    private const int Inode = 6;
    private const int PathColumn = 7;

    /// <summary>Reads /proc/net only. The file alone proves nothing: it stays when its server dies.</summary>
    public static bool IsListening(string path) => Inodes(path).Count > 0;

    /// <summary>Is one of these sockets a listener there? A server that binds a relative path is known to the kernel by that.</summary>
    internal static bool IsListening(string path, IReadOnlySet<long> inodes) =>
        inodes.Overlaps(Inodes(path).Keys) || inodes.Overlaps(Inodes(Path.GetFileName(path)).Keys);

    /// <returns>The processes that have the socket open, a master before its workers. A server whose file was replaced by another's is
    /// among them.</returns>
    public static IReadOnlyList<SocketHolder> HoldersOf(string path) => SocketOwners.Find(Inodes(path));

    /// <returns>The first of <see cref="HoldersOf"/>; null when nobody listens.</returns>
    public static SocketHolder? HolderOf(string path) => HoldersOf(path) is [var first, ..] ? first : null;

    /// <summary>How many sockets listen that were bound to this path or beside it; all but one of them can't be reached by it.</summary>
    internal static int CountAt(string path) => Inodes(path).Count;

    /// <summary>The paths that are listened on, whatever name beside them was bound.</summary>
    internal static HashSet<string> ReadPaths() => [.. ReadBound().Select(bound => UnixSocketBeside.PathOf(bound) ?? bound)];

    /// <summary>The names that listening sockets were bound to.</summary>
    internal static HashSet<string> ReadBound()
    {
        HashSet<string> paths = [];
        byte[] table = ProcFile.TryReadAll("/proc/net/unix") ?? [];
        foreach (Range range in table.AsSpan().Split((byte)'\n'))
        {
            if (TryParseListener(table.AsSpan()[range], out ReadOnlySpan<byte> path) is not null)
                paths.Add(Encoding.UTF8.GetString(path));
        }

        return paths;
    }

    internal static long? TryParseListener(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> path)
    {
        path = default;
        int start = 0;
        long inode = 0;
        for (int column = 0; column < PathColumn; column++)
        {
            while (start < line.Length && line[start] == ' ')
                start++;
            int length = line[start..].IndexOf((byte)' ');
            if (length < 0)
                return null;
            ReadOnlySpan<byte> text = line.Slice(start, length);
            if (column == Flags
                && (!uint.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint flags)
                    || (flags & AcceptsConnections) == 0))
            {
                return null;
            }

            if (column == Inode && !Utf8Parser.TryParse(text, out inode, out _))
                return null;
            start += length;
        }

        path = line[(start + 1)..];
        return inode;
    }

    private static Dictionary<long, int?> Inodes(string path)
    {
        Dictionary<long, int?> inodes = [];
        byte[] wanted = Encoding.UTF8.GetBytes(path);
        byte[] beside = Encoding.UTF8.GetBytes($".{Path.GetFileName(path)}~");
        byte[] table = ProcFile.TryReadAll("/proc/net/unix") ?? [];
        foreach (Range range in table.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = table.AsSpan()[range];
            if (TryParseListener(line, out ReadOnlySpan<byte> bound) is { } inode
                && (bound.SequenceEqual(wanted)
                    || (bound.IndexOf(beside) >= 0 && UnixSocketBeside.Belongs(Encoding.UTF8.GetString(bound), path))))
            {
                inodes[inode] = null;
            }
        }

        return inodes;
    }
}
