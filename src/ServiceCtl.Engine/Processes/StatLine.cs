using System.Buffers.Text;
using System.Text;
using ServiceCtl.Engine.Processes.Interop;

namespace ServiceCtl.Engine.Processes;

/// <summary>
/// The one line of <c>/proc/PID/stat</c>. Fields are numbered as in proc(5): https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
/// </summary>
internal static class StatLine
{
    private const int State = 3;
    private const int Parent = 4;
    private const int Group = 5;
    private const int Session = 6;
    private const int Flags = 9;
    private const int UserTicks = 14;
    private const int SystemTicks = 15;
    private const int StartTicks = 22;
    private const int ResidentPages = 24;
    private const int ExitStatus = 52;

    private const long Exiting = 0x4; // PF_EXITING

    private static readonly long TicksPerSecond = Libc.SysConf(LinuxConstants.ClockTicksPerSecond);

    internal static TimeSpan Duration(long ticks) => new(ticks * TimeSpan.TicksPerSecond / TicksPerSecond);

    /// <summary>Whole clock ticks, as the kernel counts them.</summary>
    internal static long TicksOf(TimeSpan duration) => duration.Ticks * TicksPerSecond / TimeSpan.TicksPerSecond;

    /// <returns>Null when it is no such line (a process that vanished while it was read gives an empty one).</returns>
    internal static ProcessFigures? Parse(ReadOnlySpan<byte> line)
    {
        if (!TrySplit(line, out int pid, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> fields))
            return null;

        ProcessFigures figures = new()
        {
            Pid = pid,
            Name = Encoding.UTF8.GetString(name),
            State = (char)fields[0],
            ParentPid = (int)Field(fields, Parent),
            ProcessGroup = (int)Field(fields, Group),
            Session = (int)Field(fields, Session),
            IsExiting = (Field(fields, Flags) & Exiting) != 0,
            StartTicks = Field(fields, StartTicks),
            UserTime = Duration(Field(fields, UserTicks)),
            SystemTime = Duration(Field(fields, SystemTicks)),
            ResidentBytes = Field(fields, ResidentPages) * Environment.SystemPageSize,
        };
        return figures.StartTicks < 0 ? null : figures;
    }

    /// <summary>The status, as wait(2) gives it, of a process that has ended. The kernel shows 0 to those who may not trace it.</summary>
    internal static int ParseExitStatus(ReadOnlySpan<byte> line) =>
        TrySplit(line, out _, out _, out ReadOnlySpan<byte> fields) ? (int)Field(fields, ExitStatus) : 0;

    // The name is whatever the program chose, parentheses, blanks and line ends included: it ends at the last parenthesis of the line.
    private static bool TrySplit(ReadOnlySpan<byte> line, out int pid, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> fields)
    {
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        name = fields = default;
        if (!Utf8Parser.TryParse(line, out pid, out _) || open < 0 || close < open || line.Length < close + 3)
            return false;
        name = line[(open + 1)..close];
        fields = line[(close + 2)..];
        return true;
    }

    private static long Field(ReadOnlySpan<byte> fields, int number)
    {
        for (int i = State; i < number; i++)
        {
            int blank = fields.IndexOf((byte)' ');
            if (blank < 0)
                return -1;
            fields = fields[(blank + 1)..];
        }

        return Utf8Parser.TryParse(fields, out long value, out _) ? value : -1;
    }
}
