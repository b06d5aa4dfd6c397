using System.Buffers.Text;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// Typed reads of /proc. A process may end at any moment, and one of another user may hide what it does:
/// each of these gives null then, never an exception. For an instant after a spawn the command line and the environment are empty:
/// posix_spawn returns when the child has let go of our memory, a little before the kernel has laid out the new program's.
/// What its owner can hold up is read by <see cref="GuardedReads"/>.
/// </summary>
public static class ProcFs
{
    /// <summary>
    /// The kernel gives a new program no more than 6 MiB, and hardly any needs a tenth; but a process may say that its environment is all
    /// of its memory (PR_SET_MM_MAP).
    /// </summary>
    private const int MostText = 2 << 20;

    private static readonly ProcessFigures HeldUp = StatusFigures.Parse("Tgid:\t0\nState:\tD\n"u8)!;

    private static readonly Lazy<string> Boot = new(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").TrimEnd());

    /// <summary>Changes with every boot; identities of processes are comparable within one boot only.</summary>
    public static string BootId => Boot.Value;

    /// <summary>Every process that /proc shows, zombies included, in no promised order.</summary>
    public static IEnumerable<int> Pids() => new FileSystemEnumerable<int>(
        "/proc",
        static (ref FileSystemEntry entry) => int.Parse(entry.FileName, CultureInfo.InvariantCulture),
        new EnumerationOptions { AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => char.IsAsciiDigit(entry.FileName[0]),
    };

    public static ProcessFigures? TryRead(int pid) =>
        GuardedReads.Of(pid, HeldUp, ReadFigures) is var figures && ReferenceEquals(figures, HeldUp)
            ? StatusFigures.TryRead(pid) : figures;

    /// <summary>The same of many, at the price of less.</summary>
    internal static IEnumerable<ProcessFigures> TryReadAll(IReadOnlyList<int> pids)
    {
        IReadOnlyDictionary<int, ProcessFigures?> read = GuardedReads.OfAll(pids, ReadFigures);
        return pids.Select(pid => read.TryGetValue(pid, out ProcessFigures? figures) ? figures : StatusFigures.TryRead(pid))
            .OfType<ProcessFigures>();
    }

    /// <summary>Does the process neither handle nor ignore this signal? False where that can't be read.</summary>
    internal static bool HasDefaultAction(int pid, int signal)
    {
        var masks = ProcFile.TryReadAll($"/proc/{pid}/status") is { } status
            ? Encoding.ASCII.GetString(status).Split('\n')
                .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal) || line.StartsWith("SigCgt:", StringComparison.Ordinal))
                .Select(line => ulong.TryParse(line.AsSpan(7).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask)
                    ? mask : ulong.MaxValue).ToArray()
            : [];
        return masks.Length == 2 && ((masks[0] | masks[1]) & (1UL << (signal - 1))) == 0;
    }

    /// <summary>When it started, in clock ticks since boot; 0 where that can't be read, or it keeps waiting whoever asks.</summary>
    internal static long StartTicksOf(int pid) => TryRead(pid) is { IsHeldUp: false } figures ? figures.StartTicks : 0;

    private static ProcessFigures? ReadFigures(int pid)
    {
        Span<byte> line = stackalloc byte[1024];
        int length = ProcFile.TryRead($"/proc/{pid}/stat", line);
        return length <= 0 ? null : StatLine.Parse(line[..length]);
    }

    /// <summary>The arguments, the program's own name first; empty for kernel threads and zombies. Programs may overwrite theirs.</summary>
    public static IReadOnlyList<string>? TryReadCommandLine(int pid) =>
        GuardedReads.Of(pid, null, other => ProcFile.TryReadAll($"/proc/{other}/cmdline", MostText)) is { } text ? SplitAtNul(text) : null;

    /// <summary>The program's file. <c> (deleted)</c> is appended by the kernel when the file was replaced or removed.</summary>
    public static string? TryReadExecutablePath(int pid) => GuardedReads.Of(pid, null, other => ProcFile.TryReadLink($"/proc/{other}/exe"));

    /// <summary>Is this folder, by whatever path, the one it works in?</summary>
    public static bool WorksIn(int pid, string folder) =>
        GuardedReads.Of(pid, false, other => FolderIdentity.IsSame($"/proc/{other}/cwd", folder));

    /// <summary>A variable of the environment that the process was started with; what it changed later doesn't show.</summary>
    public static string? TryReadEnvironmentVariable(int pid, string name) =>
        GuardedReads.Of(pid, null, other => ProcFile.TryReadAll($"/proc/{other}/environ", MostText)) is { } text
            ? FindVariable(text, name) : null;

    /// <summary>When the process started, by the wall clock as it stands now; exact to the second.</summary>
    public static DateTimeOffset StartTime(ProcessIdentity identity) => BootTime() + StatLine.Duration(identity.StartTicks);

    /// <summary>How long ago the process started; exact to the hundredth of a second, whatever becomes of the wall clock.</summary>
    public static TimeSpan Age(ProcessIdentity identity) => SinceBoot() - StatLine.Duration(identity.StartTicks);

    /// <summary>
    /// Children of a process whichever thread they belong to, zombies included; none where the kernel has no such file
    /// (CONFIG_PROC_CHILDREN).
    /// </summary>
    internal static IReadOnlyList<int> ChildrenOf(int pid)
    {
        List<int> children = [];
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{pid}/task"))
                AddPids(ProcFile.TryReadAll($"{thread}/children"), children);
        }
        catch (IOException)
        {
            // It ended while we looked.
        }

        return children;
    }

    internal static int? TryReadExitStatus(ProcessIdentity identity) => GuardedReads.Of(identity.Pid, null, _ => ReadExitStatus(identity));

    private static int? ReadExitStatus(ProcessIdentity identity)
    {
        Span<byte> line = stackalloc byte[1024];
        int length = ProcFile.TryRead($"/proc/{identity.Pid}/stat", line);
        if (length <= 0 || StatLine.Parse(line[..length]) is not { HasEnded: true } figures || figures.Identity != identity)
            return null;
        return StatLine.ParseExitStatus(line[..length]);
    }

    /// <summary>
    /// Whether the kernel shows us what it keeps from strangers (PTRACE_MODE_READ): a process of the same user in every respect, or we may
    /// trace all.
    /// </summary>
    internal static bool MayTrace(int pid)
    {
        uint user = Libc.GetEffectiveUid();
        string[]? users = StatusLine(pid, "Uid:\t"u8)?.Split('\t');
        if (users is null)
            return false;
        return users.All(uid => uid == user.ToString(CultureInfo.InvariantCulture))
            || HasCapability(LinuxConstants.CapabilityTrace);
    }

    /// <summary>Whether this process has it in force.</summary>
    internal static bool HasCapability(int capability) =>
        StatusLine(Environment.ProcessId, "CapEff:\t"u8) is { } capabilities
            && (Convert.ToUInt64(capabilities, 16) & (1ul << capability)) != 0;

    /// <summary>Whose process it is, whatever program with a set-user-id bit it runs; null when it is gone.</summary>
    internal static uint? RealUserOf(int pid) =>
        StatusLine(pid, "Uid:\t"u8)?.Split('\t') is [{ } real, ..] ? uint.Parse(real, CultureInfo.InvariantCulture) : null;

    /// <summary>Whether a process can gain privileges by what it executes, and which at most.</summary>
    /// <returns>Null when it is gone.</returns>
    internal static (bool CanGain, ulong Bound)? ReadPrivileges(int pid) =>
        StatusLine(pid, "NoNewPrivs:\t"u8) is { } fixedNow && StatusLine(pid, "CapBnd:\t"u8) is { } bound
            ? (fixedNow == "0", Convert.ToUInt64(bound, 16))
            : null;

    /// <summary>Which mounts a process sees, by the kernel's name for them; null when it may not be known.</summary>
    internal static string? MountsOf(int pid) => GuardedReads.Of(pid, null, other => ProcFile.TryReadLink($"/proc/{other}/ns/mnt"));

    /// <summary>
    /// Children of a process's first thread, zombies included; none where the kernel has no such file (CONFIG_PROC_CHILDREN).
    /// </summary>
    internal static IReadOnlyList<int> ChildrenOfFirstThread(int pid)
    {
        List<int> children = [];
        AddPids(ProcFile.TryReadAll($"/proc/{pid}/task/{pid}/children"), children);
        return children;
    }

    internal static IReadOnlyList<string> SplitAtNul(ReadOnlySpan<byte> text)
    {
        List<string> parts = [];
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)0);
            parts.Add(Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
            text = end < 0 ? default : text[(end + 1)..];
        }

        return parts;
    }

    internal static string? FindVariable(ReadOnlySpan<byte> environment, string name)
    {
        byte[] prefix = Encoding.UTF8.GetBytes(name + "=");
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(prefix))
                return Encoding.UTF8.GetString(entry[prefix.Length..]);
            environment = end < 0 ? default : environment[(end + 1)..];
        }

        return null;
    }

    private static void AddPids(ReadOnlySpan<byte> list, List<int> pids)
    {
        while (Utf8Parser.TryParse(list, out int pid, out int length))
        {
            pids.Add(pid);
            list = list[length..].TrimStart((byte)' ');
        }
    }

    private static string? StatusLine(int pid, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> status = ProcFile.TryReadAll($"/proc/{pid}/status");
        int at = status.IndexOf(name);
        if (at < 0)
            return null;
        ReadOnlySpan<byte> line = status[(at + name.Length)..];
        return Encoding.UTF8.GetString(line[..line.IndexOf((byte)'\n')]);
    }

    // Not /proc/uptime, which containers fake: the times in /proc/PID/stat are the kernel's own.
    internal static unsafe TimeSpan SinceBoot()
    {
        long* time = stackalloc long[2];
        return Libc.ReadClock(LinuxConstants.ClockSinceBoot, time) == 0
            ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000)
            : throw SystemError.Last("read the clock that counts from the boot");
    }

    private static DateTimeOffset BootTime()
    {
        ReadOnlySpan<byte> text = ProcFile.TryReadAll("/proc/stat");
        int at = text.IndexOf("\nbtime "u8);
        return at >= 0 && Utf8Parser.TryParse(text[(at + 7)..], out long seconds, out _)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw SystemError.Of(Errno.NoEntry, "read the time of boot from /proc/stat", "/proc/stat");
    }
}
