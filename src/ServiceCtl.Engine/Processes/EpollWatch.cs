using System.Globalization;
using System.Text;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Whether a process waits for connections at a socket, by what its epoll sets hold.
/// https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
/// </summary>
public static class EpollWatch
{
    /// <returns>Null when it can't be told: the process has ended, has no such descriptor, or is not ours to look into.</returns>
    public static bool? IsWatched(int pid, int descriptor) => GuardedReads.Of(pid, null, _ => Look(pid, descriptor));

    private static bool? Look(int pid, int descriptor)
    {
        if (ProcFile.TryReadLink($"/proc/{pid}/fd/{descriptor}") is not { } link || !link.StartsWith("socket:[", StringComparison.Ordinal))
            return null;
        long inode = long.Parse(link.AsSpan(8, link.Length - 9), NumberStyles.None, CultureInfo.InvariantCulture);
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fdinfo").Any(file => Names(ProcFile.TryReadAll(file) ?? [], inode));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// A line for each that is watched: <c>tfd: 3 events: 19 data: 3 pos:0 ino:1a2b sdev:8</c>. A process may have duplicated the
    /// descriptor; the inode stays.
    /// </summary>
    internal static bool Names(ReadOnlySpan<byte> information, long inode)
    {
        ReadOnlySpan<byte> wanted = Encoding.ASCII.GetBytes($"ino:{inode:x} ");
        foreach (Range range in information.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = information[range];
            if (line.StartsWith("tfd:"u8) && line.IndexOf(wanted) >= 0)
                return true;
        }

        return false;
    }
}
